import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { Chalk } from "chalk";
import { parseEndpoint } from "../cli/endpoints.js";
import { exitStatus } from "../cli/exit-status.js";
import { UsageError } from "../cli/usage-error.js";
import { VerbError } from "../cli/verb-error.js";
import type { Check } from "../doctor/check.js";
import { checkIds, checks } from "../doctor/checks.js";
import { examine } from "../doctor/examine.js";
import { roles, type Subject, type VirtualAddress } from "../doctor/facts.js";
import { type Finding, severities } from "../doctor/finding.js";
import { type MarkSeverity, renderFindings, renderFixScript } from "../doctor/render/findings.js";
import { renderDescription } from "../doctor/render/reference.js";
import { outputHasColors } from "../host/terminal-abilities.js";
import type { DesiredState } from "../model/desired.js";
import { HostCommand } from "./base.js";
import { readDesiredFile } from "./changes/read-desired-file.js";
import { parseInterval } from "./flags/numbers.js";

const serverMethods = ["masq", "route", "tunnel"] as const;

export class Doctor extends HostCommand {
  static override readonly description =
    "Examines a director, or with --role real-server a real server: the table, the network and the settings of the " +
    "kernel. Each finding says what was read, why it matters and which command fixes it. Nothing is changed, and no " +
    "program is started. What cannot be read is reported as unknown. With the ID of a check, describes it.";
  static override readonly examples = [
    { description: "Examine this director", command: "ipvsadm doctor" },
    {
      description: "Examine a real server with direct routing",
      command: "ipvsadm doctor --role real-server --vip 192.0.2.10:80",
    },
    { description: "Before a table is applied", command: "ipvsadm doctor -f web.yaml" },
    { description: "Watch the counters for 10 seconds", command: "ipvsadm doctor --watch 10" },
    { description: "Write a script of the commands", command: "ipvsadm doctor --fix-script > fix.sh" },
    { description: "What is this check about?", command: "ipvsadm doctor vip-local" },
  ];
  static override readonly args = {
    id: Args.string({ name: "id", description: "The check to describe.", options: [...checkIds] }),
  };
  static override readonly flags = {
    role: Flags.option({ options: roles })({ summary: "What this machine is.", default: "director" }),
    vip: Flags.string({
      summary: "A virtual address of the real server, with the port of its TCP service if you like.",
      helpValue: "ADDRESS[:PORT]",
      multiple: true,
    }),
    method: Flags.option({ options: serverMethods })({
      summary: "How packets get to the real server.",
      default: "route",
    }),
    director: Flags.string({
      summary: "The director's address on the real servers' network.",
      helpValue: "ADDRESS",
    }),
    file: Flags.string({
      char: "f",
      summary: "Examine for this table (JSON, YAML or lines of -S), before it is applied; - is standard input.",
      helpValue: "FILE",
    }),
    watch: Flags.string({
      summary: "Look again after TIME (500ms, 5s, or seconds), to see which counters grow.",
      helpValue: "TIME",
    }),
    only: Flags.string({ summary: "Only these checks.", helpValue: "ID", multiple: true, options: [...checkIds] }),
    skip: Flags.string({ summary: "All but these checks.", helpValue: "ID", multiple: true, options: [...checkIds] }),
    threshold: Flags.option({ options: severities })({
      summary: "The mildest findings to report; by default hints, and warnings in a script.",
    }),
    json: Flags.boolean({ summary: "Print the findings as JSON.", exclusive: ["fix-script"] }),
    "fix-script": Flags.boolean({ summary: "Print a shell script of the commands." }),
  };

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Doctor);
    if (args.id !== undefined) {
      refuseOthers(flags);
      return this.#describe(args.id);
    }
    const findings = await examine(this.host, {
      checks: chooseChecks(flags),
      subject: await this.#subject(flags),
      planned: await this.#planned(flags.file),
      watch: flags.watch === undefined ? undefined : parseInterval(flags.watch, "--watch"),
    });
    await this.#report(findings, flags);
    if (findings.some(({ severity }) => severity === "error")) return exitStatus.failure;
    const unread = findings.find(({ id, severity }) => id === "no-server" && severity === "unknown");
    if (unread !== undefined) throw new VerbError(unread.read, exitStatus.unreachable);
    return exitStatus.success;
  }

  #describe(id: string): number {
    for (const check of checks.filter((known) => known.id === id)) {
      for (const line of renderDescription(check)) this.host.stdout.writeText(`${line}\n`);
    }
    return exitStatus.success;
  }

  async #subject({ role, vip = [], method, director }: DoctorFlags): Promise<Subject> {
    const isServer = role === "real-server";
    if (isServer && vip.length === 0) throw new UsageError("--role real-server needs --vip ADDRESS");
    if (!isServer && (vip.length > 0 || director !== undefined)) {
      throw new UsageError("--vip and --director describe a real server; add --role real-server");
    }
    return {
      role,
      vips: await Promise.all(vip.map((text) => this.#address("--vip", text))),
      method,
      director: director === undefined ? undefined : (await this.#address("--director", director)).address,
    };
  }

  async #address(flag: string, text: string): Promise<VirtualAddress> {
    const endpoint = await parseEndpoint(text, "tcp", this.host.resolver);
    if (endpoint === undefined) throw new UsageError(`${flag} takes an address, not ${text}`);
    return endpoint;
  }

  async #planned(file: string | undefined): Promise<DesiredState | undefined> {
    return file === undefined ? undefined : readDesiredFile(file, "doctor", this.host);
  }

  async #report(findings: readonly Finding[], flags: DoctorFlags): Promise<void> {
    const { stdout } = this.host;
    const threshold = flags.threshold ?? (flags["fix-script"] ? "warning" : "hint");
    const reported = findings.filter(
      ({ severity }) => severity === "unknown" || severities.indexOf(severity) <= severities.indexOf(threshold),
    );
    if (flags.json) {
      stdout.writeText(`${JSON.stringify({ version: 1, role: flags.role, findings: reported }, undefined, 2)}\n`);
      return;
    }
    const lines = flags["fix-script"] ? renderFixScript(reported) : renderFindings(reported, await this.#mark());
    for (const line of lines) stdout.writeText(`${line}\n`);
  }

  async #mark(): Promise<MarkSeverity> {
    const chalk = new Chalk({ level: (await outputHasColors(this.host)) ? 1 : 0 });
    const colors = { error: chalk.red, warning: chalk.yellow, hint: chalk.cyan, unknown: chalk.magenta };
    return (severity, text) => colors[severity](text);
  }
}

type DoctorFlags = Interfaces.InferredFlags<typeof Doctor.flags>;

/** Flags that change an examination, where a check is only described. Those of `always` have a value anyway. */
function refuseOthers(flags: DoctorFlags): void {
  const always = ["role", "method", "netns"];
  const [name] = Object.keys(flags).filter((flag) => !always.includes(flag));
  if (name !== undefined) throw new UsageError(`--${name} does not go with the ID of a check, which is only described`);
}

/** A run without checks would find no fault. */
function chooseChecks({ only = [], skip = [] }: DoctorFlags): Check[] {
  const chosen = checks.filter(({ id }) => (only.length === 0 || only.includes(id)) && !skip.includes(id));
  if (chosen.length === 0) throw new UsageError("--only and --skip leave no check");
  return chosen;
}
