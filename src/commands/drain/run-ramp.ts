import { exitStatus } from "../../cli/exit-status.js";
import type { RampEvent, RampedServer } from "../../drain/ramp-event.js";
import { type RampRequest, rampServers } from "../../drain/ramp-servers.js";
import type { Host } from "../../host/host.js";
import type { RampOutcome } from "../../model/changes/server-outcomes.js";
import { renderSeconds } from "../flags/durations.js";
import { type EventOutput, type EventReport, followEvents } from "./follow-events.js";

/** Steps of a ramp, if nobody says how long they are. */
const usualSteps = 20;

/** Seconds between two steps: those that are said, or a twentieth of the time. */
export function rampPause(over: number, every: number | undefined): number {
  return every ?? Math.max(1, over / usualSteps);
}

/** How a ramp is shown. */
interface RampStyle {
  readonly verb: string;
  /** The options that select the servers, for a command that somebody may type. */
  readonly selector: string;
  readonly isJson: boolean;
}

/** Runs a ramp for a verb. Returns the exit status. */
export async function runRamp(
  host: Host,
  style: RampStyle,
  request: Omit<RampRequest, "signal" | "onEvent" | "command">,
): Promise<number> {
  return followEvents<RampEvent, RampOutcome>(host, {
    ...style,
    loadKinds: async () => (await import("../../format/json/changes/drain-events.js")).rampEventKinds,
    makeReport: (output) => new RampReport(output, style, request.over),
    statuses: {
      done: exitStatus.success,
      gone: exitStatus.success,
      unchanged: exitStatus.success,
      taken: exitStatus.changedMeanwhile,
    },
    run: (client, signal, onEvent) => rampServers(host, client, { ...request, signal, onEvent, command: style.verb }),
  });
}

/** Prints the events of a ramp for people. */
class RampReport implements EventReport<RampEvent> {
  #shown = "";

  constructor(
    private readonly output: EventOutput,
    private readonly style: RampStyle,
    private readonly over: number,
  ) {}

  show(event: RampEvent): void {
    switch (event.event) {
      case "begin":
        for (const remark of event.remarks) this.output.say(`note: ${remark}`);
        return;
      case "step":
        this.#showStep(event);
        return;
      case "end":
        this.#showEnd(event);
    }
  }

  describeEnd({ servers }: RampEvent & { readonly event: "end" }): string {
    return describeServers(servers);
  }

  describeState(servers: readonly RampedServer[]): string {
    return `it stays there, held: ${describeServers(servers)}\n${this.#goOn()}`;
  }

  #goOn(): string {
    return `to go to the end at once: ipvsadm undrain ${this.style.selector}`;
  }

  #showStep({ seconds, servers }: RampEvent & { readonly event: "step" }): void {
    const text = describeServers(servers);
    const time = `${renderSeconds(seconds)} of ${renderSeconds(this.over)}`;
    this.output.progressTo(`${text}, ${time}`);
    if (!this.output.isTerminal && text !== this.#shown) this.output.say(text);
    this.#shown = text;
  }

  #showEnd({ outcome, servers, taken }: RampEvent & { readonly event: "end" }): void {
    const text = describeServers(servers);
    switch (outcome) {
      case "done":
        this.output.end(text);
        return;
      case "unchanged":
        this.output.end(`nothing to do: the weight is ${weightRange(servers)} already`);
        return;
      case "gone":
        this.output.say("note: somebody else has deleted the servers");
        return;
      case "taken":
        this.output.say(
          `somebody else has given a weight to ${taken.slice(0, 10).join(", ")}; the ramp ends\n` +
            "'ipvsadm apply' would go back to the weight of the ramp; to forget that: " +
            `ipvsadm overrides --clear ${this.style.selector}`,
        );
        return;
      case "interrupted":
        this.output.say(`interrupted; it stays there: ${text}\n${this.#goOn()}`);
    }
  }
}

function describeServers(servers: readonly RampedServer[]): string {
  const [first] = servers;
  return `${servers.length === 1 ? first?.name : `${servers.length} servers`}: weight ${weightRange(servers)}`;
}

function weightRange(servers: readonly RampedServer[]): string {
  const weights = servers.map(({ weight }) => weight);
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  return least === most ? `${least}` : `${least} to ${most}`;
}
