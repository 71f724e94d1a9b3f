import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { Chalk } from "chalk";
import { parseCommandLine } from "../classic/parse.js";
import type { ServiceKey } from "../ipvs/model.js";
import { outputIsTerminal } from "../process.js";
import { Terminal } from "../terminal.js";
import { renderEvent, watchEvents } from "../watch/events.js";
import { startingView } from "../watch/keys.js";
import { TableReader } from "../watch/reader.js";
import { systemSources } from "../watch/system-sources.js";
import { sortOrders } from "../watch/view.js";
import { ViewSession } from "../watch/view-session.js";
import { WorldCommand } from "./base.js";
import { parseCount, parseInterval } from "./numbers.js";
import type { World } from "./world.js";

const services = ["tcp-service", "udp-service", "sctp-service", "fwmark-service"] as const;

/** At most one of the options that name a service. */
function oneOf(name: (typeof services)[number]): { exclusive: string[] } {
  return { exclusive: services.filter((other) => other !== name) };
}

export class Watch extends WorldCommand {
  static override readonly summary = "Show the table and its load again and again";
  static override readonly description =
    "On a terminal: the whole screen, with connections, packets and bytes per second. Else: a plain table a refresh, or with " +
    "--json an event a line for each change of the table. Every user may watch; the counters of services and servers need " +
    "CAP_NET_ADMIN. Keys: h shows them.";
  static override readonly examples = [
    {
      description: "The busiest services first, every two seconds",
      command: "ipvsadm watch --sort bytes --interval 2",
    },
    { description: "One service, numeric", command: "ipvsadm watch -n -t 192.0.2.10:80" },
    {
      description: "The servers that were made quiet",
      command: "ipvsadm watch --json | jq 'select(.changed.weight.new == 0)'",
    },
  ];
  static override readonly flags = {
    "tcp-service": Flags.string({
      char: "t",
      summary: "Only this TCP service.",
      helpValue: "HOST:PORT",
      ...oneOf("tcp-service"),
    }),
    "udp-service": Flags.string({
      char: "u",
      summary: "Only this UDP service.",
      helpValue: "HOST:PORT",
      ...oneOf("udp-service"),
    }),
    "sctp-service": Flags.string({
      summary: "Only this SCTP service.",
      helpValue: "HOST:PORT",
      ...oneOf("sctp-service"),
    }),
    "fwmark-service": Flags.string({
      char: "f",
      summary: "Only the service of this firewall mark.",
      helpValue: "MARK",
      ...oneOf("fwmark-service"),
    }),
    ipv6: Flags.boolean({ summary: "The firewall mark is one of IPv6.", dependsOn: ["fwmark-service"] }),
    interval: Flags.string({
      summary: "Seconds from one refresh to the next; at least 0.1.",
      helpValue: "SECONDS",
      default: "1",
    }),
    count: Flags.string({
      summary: "End after so many refreshes.",
      helpValue: "NUMBER",
    }),
    sort: Flags.option({ options: sortOrders })({ summary: "Order of the services.", default: "name" }),
    nosort: Flags.boolean({ summary: "The kernel's order; the same as --sort none.", exclusive: ["sort"] }),
    reverse: Flags.boolean({ summary: "Turn the order round." }),
    numeric: Flags.boolean({ char: "n", summary: "Addresses and ports as numbers." }),
    json: Flags.boolean({
      summary: "JSON lines: a snapshot, then an event for each change.",
      exclusive: ["sort", "reverse"],
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Watch);
    const reader = new TableReader(systemSources(this.world.openClient), await this.#only(flags));
    try {
      if (flags.json) await this.#printEvents(reader, flags);
      else await this.#view(reader, flags);
    } finally {
      reader.close();
    }
  }

  async #view(reader: TableReader, flags: WatchFlags): Promise<void> {
    const { environment, output, resolver } = this.world;
    const onScreen = (await outputIsTerminal()) && environment.TERM !== "dumb";
    const session = new ViewSession(reader, {
      ...pace(flags),
      state: {
        ...startingView,
        sort: flags.nosort ? "none" : flags.sort,
        reversed: flags.reverse,
        numeric: flags.numeric,
      },
      resolver,
      abilities: { unicode: hasUnicode(environment) },
      chalk: new Chalk({ level: onScreen && !environment.NO_COLOR ? 1 : 0 }),
    });
    if (!onScreen) return session.print(output);
    const terminal = new Terminal({ onInput: (text) => session.press(text), onResize: () => session.redraw() });
    terminal.open();
    try {
      await session.show(terminal);
    } finally {
      terminal.close();
    }
  }

  async #printEvents(reader: TableReader, flags: WatchFlags): Promise<void> {
    const events = watchEvents(reader, { ...pace(flags), sorted: !flags.nosort });
    for await (const event of events) this.world.output(renderEvent(event));
  }

  /** The service that the options name, in the words and with the faults of the original's grammar. */
  async #only(flags: WatchFlags): Promise<ServiceKey | undefined> {
    const name = services.find((one) => flags[one] !== undefined);
    if (name === undefined) return undefined;
    const words = ["--list", `--${name}`, flags[name] ?? "", ...(flags.ipv6 ? ["--ipv6"] : [])];
    const context = { programName: "ipvsadm", resolver: this.world.resolver };
    const invocation = await parseCommandLine(words, context);
    return invocation.command === "list" && invocation.subject.kind === "service" ? invocation.subject.key : undefined;
  }
}

type WatchFlags = Interfaces.InferredFlags<typeof Watch.flags>;

/** How often and how many times. Throws a UsageError. */
function pace({ interval, count }: WatchFlags): { interval: number; count: number } {
  return {
    interval: parseInterval(interval),
    count: count === undefined ? Number.POSITIVE_INFINITY : parseCount(count),
  };
}

/** What the terminal can show beyond ASCII, by the locale. */
function hasUnicode({ LC_ALL, LC_CTYPE, LANG }: World["environment"]): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
