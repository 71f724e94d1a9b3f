import { exitStatus } from "../../cli/exit-status.js";
import { type RampEvent, type RampedServer, type RampRequest, rampServers } from "../../drain/ramp-servers.js";
import type { Host } from "../../host/host.js";
import { Interrupted } from "../../platform/signals.js";
import { renderSeconds } from "../flags/durations.js";
import { explainServerError } from "../output/server-failure.js";

/** Steps of a ramp, if nobody says how long they are. */
const usualSteps = 20;

/** Seconds between two steps: those that are said, or a twentieth of the time. */
export function rampPause(over: number, every: number | undefined): number {
  return every ?? Math.max(1, over / usualSteps);
}

/** Runs a ramp for a verb, whose selector `back` has. Returns the exit status. */
export async function runRamp(
  host: Host,
  verb: string,
  back: string,
  request: Omit<RampRequest, "signal" | "onEvent" | "command">,
): Promise<number> {
  const client = await host.openKernel({ loadModule: true });
  const signal = await host.interrupt();
  const progress = await host.terminal.progress();
  const isTerminal = await host.terminal.isError();
  const say = (text: string) => {
    progress.clear();
    host.stderr.writeText(`ipvsadm ${verb}: ${text}\n`);
  };
  let shown = "";
  const onEvent = (event: RampEvent) => {
    if (event.event === "begin") {
      for (const remark of event.remarks) say(`note: ${remark}`);
      return;
    }
    const text = describeServers(event.servers);
    progress.show(`ipvsadm ${verb}: ${text}, ${renderSeconds(event.seconds)} of ${renderSeconds(request.over)}`);
    if (!isTerminal && text !== shown) say(text);
    shown = text;
  };
  try {
    const { outcome, servers, taken } = await rampServers(host, client, { ...request, signal, onEvent, command: verb });
    const text = describeServers(servers);
    switch (outcome) {
      case "done":
        progress.clear();
        host.stdout.writeText(`${text}\n`);
        return exitStatus.success;
      case "gone":
        say("note: somebody else has deleted the servers");
        return exitStatus.success;
      case "taken":
        say(`somebody else has given a weight to ${taken.slice(0, 10).join(", ")}; the ramp ends`);
        return exitStatus.changedMeanwhile;
      case "interrupted":
        say(`interrupted; it stays there: ${text}\nto go to the end at once: ipvsadm undrain ${back}`);
        return signal.reason instanceof Interrupted ? signal.reason.status : exitStatus.failure;
    }
  } catch (error) {
    throw explainServerError(error, signal);
  } finally {
    progress.clear();
    client.close();
  }
}

function describeServers(servers: readonly RampedServer[]): string {
  const weights = servers.map(({ weight }) => weight);
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  const range = least === most ? `${least}` : `${least} to ${most}`;
  const [first] = servers;
  return `${servers.length === 1 ? first?.name : `${servers.length} servers`}: weight ${range}`;
}
