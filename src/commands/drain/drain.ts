import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../../cli/exit-status.js";
import type { DrainEvent } from "../../drain/drain-event.js";
import { drainServers } from "../../drain/drain-servers.js";
import { deadlineActions, drainConditions } from "../../drain/drain-wait.js";
import type { DrainOutcome } from "../../model/changes/server-outcomes.js";
import { HostCommand } from "../base.js";
import { changeFlags, parseWait } from "../flags/change-flags.js";
import { parseDuration, renderSeconds } from "../flags/durations.js";
import { parseReason } from "../flags/reason.js";
import { requireServerTarget, selectorText, serverFlags } from "../flags/server-flags.js";
import { serviceFlags } from "../flags/service-flags.js";
import { type EventOutput, type EventReport, followEvents } from "./follow-events.js";

/** Seconds between two lines where there is no terminal. */
const linePause = 10;

export class Drain extends HostCommand {
  static override readonly description =
    "Takes a server out: sets its weight to 0, holds that against files, and waits until its connections are over. It says " +
    "how many are left, how long they can last, and who holds on. Nothing is cut. `ipvsadm undrain` brings the server back. " +
    "Interrupted, it leaves the weight at 0, and the same command again goes on waiting.";
  static override readonly examples = [
    {
      description: "A machine in all services, before a reboot",
      command: "ipvsadm drain --server 10.0.0.1 --deadline 10m",
    },
    {
      description: "One server of one service, for good",
      command: "ipvsadm drain -t 192.0.2.10:80 -r 10.0.0.1 --then delete",
    },
    { description: "Do not wait", command: "ipvsadm drain --server 10.0.0.1 --no-wait" },
  ];
  static override readonly flags = {
    ...serviceFlags,
    ...serverFlags,
    until: Flags.option({ options: drainConditions })({
      summary: "What has to be over: all that can still carry data, what is established, or every connection.",
      default: "quiet" as const,
    }),
    deadline: Flags.string({
      summary: "Wait at most TIME: 90s, 15m, 2h, or seconds.",
      helpValue: "TIME",
      exclusive: ["no-wait"],
    }),
    "no-wait": Flags.boolean({ summary: "Set the weight to 0 and do not wait." }),
    // biome-ignore lint/suspicious/noThenProperty: it is the name of the flag.
    then: Flags.option({ options: ["keep", "delete"] as const })({
      summary: "What becomes of the server when its connections are over.",
      default: "keep" as const,
    }),
    "at-deadline": Flags.option({ options: deadlineActions })({
      summary: "What becomes of it at the deadline; by default it is kept.",
      dependsOn: ["deadline"],
    }),
    "with-fallback": Flags.boolean({
      summary: "Give the schedulers sh and mh their fallback flag first, until `ipvsadm undrain`.",
    }),
    reason: Flags.string({ summary: "Why, for those who see it in `ipvsadm overrides`.", helpValue: "REASON" }),
    force: Flags.boolean({ summary: "Also where clients are refused or cut then." }),
    wait: changeFlags.wait,
    "undo-folder": changeFlags["undo-folder"],
    json: Flags.boolean({ summary: "Print one JSON object per line for each event." }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(Drain);
    const target = await requireServerTarget(flags, this.host.resolver);
    const deadline = flags.deadline === undefined ? undefined : parseDuration("--deadline", flags.deadline);
    const wait = parseWait(flags.wait);
    const reason = flags.reason === undefined ? undefined : parseReason("--reason", flags.reason);
    return followEvents<DrainEvent, DrainOutcome>(this.host, {
      verb: "drain",
      isJson: flags.json,
      loadKinds: async () => (await import("../../format/json/changes/drain-events.js")).drainEventKinds,
      makeReport: (output) => new DrainReport(output, selectorText(flags)),
      statuses: {
        drained: exitStatus.success,
        started: exitStatus.success,
        deadline: exitStatus.deadline,
        raised: exitStatus.changedMeanwhile,
      },
      run: (client, signal, onEvent) =>
        drainServers(this.host, client, {
          target,
          until: flags.until,
          deadline,
          waits: !flags["no-wait"],
          isDeleted: flags.then === "delete",
          atDeadline: flags["at-deadline"] ?? "keep",
          withFallback: flags["with-fallback"],
          force: flags.force,
          reason,
          wait,
          undoFolder: flags["undo-folder"],
          signal,
          onEvent,
        }),
    });
  }
}

/** Prints the events of a drain for people. */
class DrainReport implements EventReport<DrainEvent> {
  #servers = "";
  #lastLine = 0;
  #lastText = "";

  constructor(
    private readonly output: EventOutput,
    /** The options that select the servers. */
    private readonly selector: string,
  ) {}

  show(event: DrainEvent): void {
    switch (event.event) {
      case "begin":
        this.#servers = nameAll(event.servers);
        for (const remark of event.remarks) this.output.say(`note: ${remark}`);
        return;
      case "waiting":
        this.#showWaiting(event);
        return;
      case "end":
        this.#showEnd(event);
    }
  }

  describeState(servers: readonly { readonly name: string }[]): string {
    return `${nameAll(servers.map(({ name }) => name))}: weight 0, which is held\n${this.#goOn()}`;
  }

  describeEnd({ outcome, isDeleted }: DrainEvent & { readonly event: "end" }): string {
    return `the drain has ended: ${outcome}; ${isDeleted ? "the servers are deleted" : this.#back()}`;
  }

  #goOn(): string {
    return `the same command again goes on waiting; ${this.#back()}`;
  }

  #back(): string {
    return `to bring it back: ipvsadm undrain ${this.selector}`;
  }

  #showWaiting(event: DrainEvent & { readonly event: "waiting" }): void {
    const text = `${this.#servers}: ${describeLeft(event)}`;
    this.output.progressTo(`${text}, ${renderSeconds(event.seconds)}`);
    const isDue = this.#lastText === "" || event.seconds - this.#lastLine >= linePause;
    if (this.output.isTerminal || !isDue || text === this.#lastText) return;
    this.#lastLine = event.seconds;
    this.#lastText = text;
    this.output.say(text);
  }

  #showEnd(event: DrainEvent & { readonly event: "end" }): void {
    const { outcome, seconds, raised, gone, clients, isDeleted, isUndrained } = event;
    const after = `after ${renderSeconds(seconds)}`;
    for (const name of gone.slice(0, 10)) this.output.say(`note: somebody else has deleted ${name}`);
    switch (outcome) {
      case "drained":
      case "started": {
        const start = outcome === "drained" ? `drained ${after}` : "weight 0";
        const end = isDeleted ? "deleted" : this.#back();
        this.output.end(`${this.#servers}: ${start}, ${describeLeft(event)}; ${end}`);
        break;
      }
      case "deadline": {
        const end = isDeleted
          ? "it is deleted all the same"
          : isUndrained
            ? "it has its weight again"
            : "it stays at weight 0";
        this.output.say(`${this.#servers}: the deadline has passed, and ${describeLeft(event)} are left; ${end}`);
        break;
      }
      case "interrupted":
        this.output.say(
          `${this.#servers}: interrupted ${after}; it stays at weight 0, and ${describeLeft(event)} are left\n` +
            this.#goOn(),
        );
        break;
      case "raised":
        this.output.say(
          `somebody else has given a weight to ${raised.slice(0, 10).join(", ")}\n` +
            `'ipvsadm apply' would make it 0 again; to forget that: ipvsadm overrides --clear ${this.selector}`,
        );
    }
    for (const { values, count } of clients) {
      this.output.say(`  ${values.client?.address ?? ""}: ${count === 1 ? "1 connection" : `${count} connections`}`);
    }
  }
}

/** The server, or how many there are. */
function nameAll(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `${names.length} servers`;
}

/** `3 active and 12 inactive connections, of which 2 can still carry data`. */
function describeLeft({ active, inactive, living }: DrainEvent & { readonly event: "waiting" | "end" }): string {
  const text = `${active} active and ${inactive} inactive connections`;
  return living === undefined || active > 0 ? text : `${text} (${living} can still carry data)`;
}
