import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import { ProcError } from "../proc/errors.js";
import type { Effects } from "./effects.js";
import { exitStatus } from "./exit-status.js";
import type { Change, View } from "./invocation.js";
import { show } from "./show.js";

/**
 * Carries out a command on the kernel and returns its exit status; a refusal is printed. A change is on its way to the
 * kernel when this returns: changes reach it, and refusals are printed, in the order of the calls.
 */
export function execute(invocation: Change | View, client: IpvsClient, effects: Effects): Promise<number> {
  return invocation.command === "list" || invocation.command === "save"
    ? conclude(show(invocation, client, effects), exitStatus.viewRefused, effects)
    : conclude(apply(invocation, client), exitStatus.changeRefused, effects);
}

/** Sends a change to the kernel. Rejects with an IpvsError. */
export function apply(change: Change, client: IpvsClient): Promise<void> {
  switch (change.command) {
    case "add-service":
      return client.addService(change.service);
    case "edit-service":
      return client.editService(change.service);
    case "delete-service":
      return client.deleteService(change.service);
    case "add-server":
      return client.addDestination(change.service, change.destination);
    case "edit-server":
      return client.editDestination(change.service, change.destination);
    case "delete-server":
      return client.deleteDestination(change.service, change.destination);
    case "flush":
      return client.flush();
    case "zero":
      return client.zero(change.service);
    case "set":
      return client.setTimeouts(change.timeouts);
    case "start-daemon":
      return client.startDaemon(change.daemon);
    case "stop-daemon":
      return client.stopDaemon(change.state, change.syncId);
  }
}

async function conclude(running: Promise<void>, refused: number, effects: Effects): Promise<number> {
  try {
    await running;
    return exitStatus.success;
  } catch (error) {
    if (!(error instanceof IpvsError || error instanceof ProcError)) throw error;
    effects.error(`${error.message}\n`);
    return refused;
  }
}
