import type { ListFormat } from "../../format/text/list-format.js";
import type { Change } from "../../model/change.js";
import type { ServiceKey } from "../../model/table.js";

/** What a list command shows: the whole table, one service, connections, timeouts or sync daemons. */
export type ListSubject =
  | { readonly kind: "table" }
  | { readonly kind: "service"; readonly key: ServiceKey }
  | { readonly kind: "connections" }
  | { readonly kind: "timeouts" }
  | { readonly kind: "daemons" };

/** A command that shows the kernel's table. */
export type View =
  | {
      readonly command: "list";
      readonly subject: ListSubject;
      readonly format: ListFormat;
      readonly json: boolean;
      /** What /proc has will do where the kernel may not be asked. */
      readonly unprivileged?: boolean;
      /** The folder that is read in place of /proc; the kernel is not asked then. */
      readonly proc?: string;
    }
  | { readonly command: "save"; readonly numeric: boolean; readonly json: boolean };

/** A parsed command line, legal and complete. */
export type Invocation =
  | Change
  | View
  /** With `test` the input is only checked, and nothing is changed. */
  | { readonly command: "restore"; readonly test: boolean }
  | { readonly command: "help" }
  | { readonly command: "version" };
