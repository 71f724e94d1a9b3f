import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { Chalk } from "chalk";
import { parseServiceKey } from "../cli/service-key.js";
import type { Host } from "../host/host.js";
import { outputHasColors, outputIsScreen } from "../host/terminal-abilities.js";
import type { ServiceKey } from "../model/table.js";
import { sampleSubjects } from "../watch/events/samples.js";
import { watchEvents } from "../watch/events/watch-events.js";
import { TableReader } from "../watch/reading/reader.js";
import { startingView } from "../watch/screen/keys.js";
import { sortOrders } from "../watch/screen/rows.js";
import { ViewSession } from "../watch/screen/view-session.js";
import { HostCommand } from "./base.js";
import { parseCount, parseInterval, shortestInterval } from "./flags/numbers.js";
import { procFlag, withProc } from "./flags/proc-flag.js";
import { selectedService, serviceFlags } from "./flags/service-flags.js";

export class Watch extends HostCommand {
  static override readonly description =
    "On a terminal, takes the whole screen and shows connections, packets and bytes per second; press h for the keys. " +
    "Otherwise prints one plain table per refresh, or with --json one event per line. Every user may watch the table; the " +
    "counters of services and servers need CAP_NET_ADMIN.";
  static override readonly examples = [
    {
      description: "The busiest services first, every two seconds",
      command: "ipvsadm watch --sort bytes --interval 2",
    },
    { description: "One service, numeric", command: "ipvsadm watch -n -t 192.0.2.10:80" },
    {
      description: "Servers that are drained (weight 0)",
      command: "ipvsadm watch --json | jq 'select(.changed.weight.new == 0)'",
    },
    {
      description: "The load of each service every ten seconds",
      command: "ipvsadm watch --json --samples services --interval 10 | jq -c 'select(.event == \"sample\")'",
    },
  ];
  static override readonly flags = {
    ...serviceFlags,
    interval: Flags.string({
      summary: `The time between two refreshes: 500ms, 5s, or seconds; at least ${shortestInterval}.`,
      helpValue: "TIME",
      default: "1",
    }),
    count: Flags.string({
      summary: "Exit after NUMBER refreshes.",
      helpValue: "NUMBER",
    }),
    sort: Flags.option({ options: sortOrders })({ summary: "Order of the services.", default: "name" }),
    nosort: Flags.boolean({ summary: "The kernel's order; the same as --sort none.", exclusive: ["sort"] }),
    reverse: Flags.boolean({ summary: "Reverse the order." }),
    numeric: Flags.boolean({ char: "n", summary: "Show addresses and ports as numbers." }),
    json: Flags.boolean({
      summary: "Print JSON lines: a snapshot, then one event per change.",
      exclusive: ["sort", "reverse"],
    }),
    samples: Flags.option({ options: sampleSubjects })({
      summary: "With --json, also print in each refresh what the director and each service or server counted.",
      dependsOn: ["json"],
    }),
    ...procFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Watch);
    const keepSmall = await this.host.keepSmall();
    const reader = new TableReader(withProc(this.host, flags.proc), await this.#onlyService(flags), keepSmall);
    try {
      if (flags.json) await this.#printEvents(reader, flags, keepSmall);
      else await this.#view(reader, flags);
    } finally {
      reader.close();
    }
  }

  async #view(reader: TableReader, flags: WatchFlags): Promise<void> {
    const { clock, env, resolver, stdout, terminal } = this.host;
    const onScreen = await outputIsScreen(this.host);
    const session = new ViewSession(reader, {
      ...pace(flags),
      state: {
        ...startingView,
        sort: flags.nosort ? "none" : flags.sort,
        reversed: flags.reverse,
        numeric: flags.numeric,
      },
      clock,
      resolver,
      abilities: { unicode: hasUnicode(env) },
      chalk: new Chalk({ level: (await outputHasColors(this.host)) ? 1 : 0 }),
    });
    if (!onScreen) return session.print((text) => stdout.writeText(text));
    const screen = await terminal.open({
      onInput: (text) => session.press(text),
      onResize: () => session.redraw(),
    });
    try {
      await session.show(screen);
    } finally {
      screen.close();
    }
  }

  async #printEvents(reader: TableReader, flags: WatchFlags, keepSmall: () => void): Promise<void> {
    const { clock, signal, stdout } = this.host;
    // Loaded only here: the screen needs none of it.
    const { renderEvent } = await import("../format/json/changes/events.js");
    const events = watchEvents(reader, {
      ...pace(flags),
      clock,
      signal,
      sorted: !flags.nosort,
      samples: flags.samples,
    });
    for await (const event of events) {
      for (const text of renderEvent(event)) {
        stdout.write(text);
        keepSmall();
      }
      stdout.writeText("");
    }
  }

  async #onlyService(flags: WatchFlags): Promise<ServiceKey | undefined> {
    const selector = selectedService(flags);
    return selector && parseServiceKey(selector, this.host.resolver);
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
function hasUnicode({ LC_ALL, LC_CTYPE, LANG }: Host["env"]): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
