import { exitStatus } from "../../cli/exit-status.js";
import type { RampEvent, RampedServer, RampOutcome } from "../../drain/ramp-event.js";
import { type RampRequest, rampServers } from "../../drain/ramp-servers.js";
import type { Host } from "../../host/host.js";
import type { Progress } from "../../host/progress-line.js";
import { Interrupted } from "../../platform/signals.js";
import { renderSeconds } from "../flags/durations.js";
import { writeOutcome } from "../output/outcome-output.js";
import { explainServerError } from "../output/server-failure.js";

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
  const client = await host.openKernel({ loadModule: true });
  const signal = await host.interrupt();
  const progress = await host.terminal.progress();
  const report = new RampReport(host, style, request.over, progress, await host.terminal.isError());
  const show = style.isJson ? await jsonPrinter(host) : (event: RampEvent) => report.show(event);
  try {
    const { outcome } = await rampServers(host, client, { ...request, signal, onEvent: show, command: style.verb });
    return statusOfRamp(outcome, signal);
  } catch (error) {
    throw explainServerError(error, signal, (servers) => report.describeState(servers));
  } finally {
    progress.clear();
    client.close();
  }
}

function statusOfRamp(outcome: RampOutcome, signal: AbortSignal): number {
  switch (outcome) {
    case "done":
    case "gone":
    case "unchanged":
      return exitStatus.success;
    case "taken":
      return exitStatus.changedMeanwhile;
    case "interrupted":
      return signal.reason instanceof Interrupted ? signal.reason.status : exitStatus.failure;
  }
}

/** Prints an event as a line of JSON. */
async function jsonPrinter(host: Host): Promise<(event: RampEvent) => void> {
  const { rampEventKinds } = await import("../../format/json/changes/drain-events.js");
  const { renderValue } = await import("../../format/json/render-json.js");
  return (event) => {
    const line = `${renderValue(rampEventKinds[event.event].write(event as never, true))}\n`;
    if (event.event === "end") writeOutcome(host, describeServers(event.servers), line);
    else host.stdout.writeText(line);
  };
}

/** Prints the events of a ramp for people. */
class RampReport {
  #shown = "";

  constructor(
    private readonly host: Pick<Host, "stdout" | "stderr">,
    private readonly style: RampStyle,
    private readonly over: number,
    private readonly progress: Progress,
    private readonly isTerminal: boolean,
  ) {}

  show(event: RampEvent): void {
    switch (event.event) {
      case "begin":
        for (const remark of event.remarks) this.#say(`note: ${remark}`);
        return;
      case "step":
        this.#showStep(event);
        return;
      case "end":
        this.#showEnd(event);
    }
  }

  /** What a ramp leaves that could not go on. */
  describeState(servers: readonly RampedServer[]): string {
    return `it stays there, held: ${describeServers(servers)}\n${this.#goOn()}`;
  }

  #goOn(): string {
    return `to go to the end at once: ipvsadm undrain ${this.style.selector}`;
  }

  #showStep({ seconds, servers }: RampEvent & { readonly event: "step" }): void {
    const text = describeServers(servers);
    const time = `${renderSeconds(seconds)} of ${renderSeconds(this.over)}`;
    this.progress.show(`ipvsadm ${this.style.verb}: ${text}, ${time}`);
    if (!this.isTerminal && text !== this.#shown) this.#say(text);
    this.#shown = text;
  }

  #showEnd({ outcome, servers, taken }: RampEvent & { readonly event: "end" }): void {
    this.progress.clear();
    const text = describeServers(servers);
    switch (outcome) {
      case "done":
        writeOutcome(this.host, text, `${text}\n`);
        return;
      case "unchanged":
        this.host.stdout.writeText(`nothing to do: the weight is ${weightRange(servers)} already\n`);
        return;
      case "gone":
        this.#say("note: somebody else has deleted the servers");
        return;
      case "taken":
        this.#say(
          `somebody else has given a weight to ${taken.slice(0, 10).join(", ")}; the ramp ends\n` +
            "'ipvsadm apply' would go back to the weight of the ramp; to forget that: " +
            `ipvsadm overrides --clear ${this.style.selector}`,
        );
        return;
      case "interrupted":
        this.#say(`interrupted; it stays there: ${text}\n${this.#goOn()}`);
    }
  }

  #say(text: string): void {
    this.progress.clear();
    this.host.stderr.writeText(`ipvsadm ${this.style.verb}: ${text}\n`);
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
