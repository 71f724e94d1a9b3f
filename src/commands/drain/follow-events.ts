import { exitStatus } from "../../cli/exit-status.js";
import type { RampedServer } from "../../drain/ramp-event.js";
import type { Kind } from "../../format/json/kinds.js";
import type { Host } from "../../host/host.js";
import type { Progress } from "../../host/progress-line.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { Interrupted } from "../../platform/signals.js";
import { writeOutcome } from "../output/outcome-output.js";
import { explainServerError } from "../output/server-failure.js";

/** An event of a verb; the last one is an `end`. */
type VerbEvent = { readonly event: string };
type EndOf<E extends VerbEvent> = E & { readonly event: "end" };
type EventOf<E extends VerbEvent, Name extends E["event"]> = Extract<E, { readonly event: Name }>;
/** How each event becomes JSON. */
type EventKinds<E extends VerbEvent> = {
  readonly [Event in E["event"]]: Kind<unknown, EventOf<E, Event>>;
};

/** Shows the events of a verb that changes servers to people. */
export interface EventReport<E extends VerbEvent> {
  show(event: E): void;
  /** How it ended, where the last event cannot be printed. */
  describeEnd(event: EndOf<E>): string;
  /** What is left where it could not go on. */
  describeState(servers: readonly RampedServer[]): string;
}

/** A verb that works on servers and reports events meanwhile. */
export interface EventVerb<E extends VerbEvent, Outcome extends string> {
  readonly verb: string;
  readonly isJson: boolean;
  /** Loaded only for JSON. */
  readonly loadKinds: () => Promise<EventKinds<E>>;
  readonly makeReport: (output: EventOutput) => EventReport<E>;
  /** The exit status of each outcome but an interruption, whose status is the signal's. */
  readonly statuses: Readonly<Record<Exclude<Outcome, "interrupted">, number>>;
  readonly run: (
    client: IpvsClient,
    signal: AbortSignal,
    onEvent: (event: E) => void,
  ) => Promise<{ readonly outcome: Outcome }>;
}

/** Where the events of a verb are shown to people. */
export class EventOutput {
  constructor(
    private readonly host: Pick<Host, "stdout" | "stderr">,
    private readonly verb: string,
    private readonly progress: Progress,
    /** Whether standard error is a terminal, which shows the progress. */
    readonly isTerminal: boolean,
  ) {}

  progressTo(text: string): void {
    this.progress.show(`ipvsadm ${this.verb}: ${text}`);
  }

  say(text: string): void {
    this.progress.clear();
    this.host.stderr.writeText(`ipvsadm ${this.verb}: ${text}\n`);
  }

  /** Prints how it ended, as the answer of the command. */
  end(text: string): void {
    this.progress.clear();
    writeOutcome(this.host, text, `${text}\n`);
  }
}

/** Runs a verb, and prints its events for people or for programs. Returns the exit status. */
export async function followEvents<E extends VerbEvent, Outcome extends string>(
  host: Host,
  { verb, isJson, loadKinds, makeReport, statuses, run }: EventVerb<E, Outcome>,
): Promise<number> {
  const client = await host.openKernel({ loadModule: true });
  const signal = await host.interrupt();
  const progress = await host.terminal.progress();
  const report = makeReport(new EventOutput(host, verb, progress, await host.terminal.isError()));
  const show = isJson ? await jsonPrinter(host, loadKinds, report) : (event: E) => report.show(event);
  try {
    const { outcome } = await run(client, signal, show);
    if (outcome !== "interrupted") return statuses[outcome as Exclude<Outcome, "interrupted">];
    return signal.reason instanceof Interrupted ? signal.reason.status : exitStatus.failure;
  } catch (error) {
    throw explainServerError(error, signal, (servers) => report.describeState(servers));
  } finally {
    progress.clear();
    client.close();
  }
}

/** Prints an event as a line of JSON. */
async function jsonPrinter<E extends VerbEvent>(
  host: Host,
  loadKinds: () => Promise<EventKinds<E>>,
  report: EventReport<E>,
): Promise<(event: E) => void> {
  const kinds = await loadKinds();
  const { renderValue } = await import("../../format/json/render-json.js");
  return (event) => {
    const kind = kinds[event.event as E["event"]];
    const line = `${renderValue(kind.write(event as EventOf<E, E["event"]>, true))}\n`;
    if (isEnd(event)) writeOutcome(host, report.describeEnd(event), line);
    else host.stdout.writeText(line);
  };
}

function isEnd<E extends VerbEvent>(event: E): event is EndOf<E> {
  return event.event === "end";
}
