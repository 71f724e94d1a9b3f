import type { Change } from "../../../model/change.js";
import { endpointIdentity } from "../../../model/identity.js";
import { type Daemon, type Destination, isMarkService, type ServiceKey } from "../../../model/table.js";
import { renderServerOptions, renderServiceName, renderServiceOptions } from "../rule-lines.js";
import { numericNames } from "../shown-names.js";

/** A change as a line for `ipvsadm -R`, or why no line can say it. */
export type CommandLine = { readonly line: string } | { readonly obstacle: string };

/** The line that makes a change. Everything is numeric. */
export function renderCommandLine(change: Change): CommandLine {
  switch (change.command) {
    case "add-service":
    case "edit-service": {
      const option = change.command === "add-service" ? "-A" : "-E";
      const { service } = change;
      return { line: `${option} ${renderServiceName(service, numericNames)}${renderServiceOptions(service)}` };
    }
    case "delete-service":
      return { line: `-D ${renderServiceName(change.service, numericNames)}` };
    case "add-destination":
    case "edit-destination": {
      const { service, destination } = change;
      const obstacle = findObstacle(service, destination);
      if (obstacle !== undefined) return { obstacle };
      const option = change.command === "add-destination" ? "-a" : "-e";
      const server = renderServerOptions(service, destination, numericNames);
      return {
        line: `${option} ${renderServiceName(service, numericNames)} ${server}${renderThresholds(destination)}`,
      };
    }
    case "delete-destination": {
      const { service, destination } = change;
      return { line: `-d ${renderServiceName(service, numericNames)} -r ${endpointIdentity(destination)}` };
    }
    case "flush":
      return { line: "-C" };
    case "zero":
      return { line: change.service === "all" ? "-Z" : `-Z ${renderServiceName(change.service, numericNames)}` };
    case "set-timeouts": {
      const { tcp, tcpFin, udp } = change.timeouts;
      return { line: `--set ${tcp} ${tcpFin} ${udp}` };
    }
    case "start-daemon":
      return { line: `--start-daemon ${renderDaemonOptions(change.daemon)}` };
    case "stop-daemon":
      return { line: `--stop-daemon ${change.state}` };
  }
}

/** What the grammar of command lines cannot say of a server. */
function findObstacle(service: ServiceKey, { forward, port }: Destination): string | undefined {
  if (forward === "local") return "no option sets the forwarding method local";
  const isForced = forward !== "masq" && !isMarkService(service) && port !== service.port;
  return isForced ? `with the forwarding method ${forward}, ipvsadm gives a server the port of its service` : undefined;
}

/** Without them an edit sets both to 0, which is what is meant then. */
function renderThresholds({ upperThreshold, lowerThreshold }: Destination): string {
  const upper = upperThreshold > 0 ? ` -x ${upperThreshold}` : "";
  return lowerThreshold > 0 ? `${upper} -y ${lowerThreshold}` : upper;
}

function renderDaemonOptions(daemon: Daemon): string {
  const { state, syncId, syncMaxLength, multicastGroup, multicastPort, multicastTtl } = daemon;
  const options = [
    ["--syncid", syncId],
    ["--sync-maxlen", syncMaxLength],
    ["--mcast-group", multicastGroup],
    ["--mcast-port", multicastPort],
    ["--mcast-ttl", multicastTtl],
  ] as const;
  const given = options.filter(([, value]) => value).map(([name, value]) => `${name} ${value}`);
  return [state, `--mcast-interface ${daemon.interface}`, ...given].join(" ");
}
