import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { exitStatus } from "../cli/exit-status.js";
import { countConnections, countGroups, hasConnection } from "../connections/count.js";
import type { Host } from "../host/host.js";
import type { ConnectionFilter } from "../model/selection/connection-filter.js";
import { explainReadError } from "../proc/explain-read-error.js";
import { HostCommand } from "./base.js";
import { connectionFlags, parseGroupKeys, readConnectionFilter } from "./flags/connection-flags.js";
import { parseCount, parseInterval, shortestInterval } from "./flags/numbers.js";
import { procFlag, withProc } from "./flags/proc-flag.js";
import { followConnections, printConnections, printCount, printGroups } from "./output/connection-output.js";

/** What is printed; one at a time. */
const modes = ["count", "count-by", "exists", "follow"] as const;
type Mode = (typeof modes)[number] | "top";

function otherThan(...allowed: Mode[]): string[] {
  return ["top", ...modes].filter((mode) => !allowed.some((one) => one === mode));
}

const defaultKeys = "client";

export class Connections extends HostCommand {
  static override readonly description =
    "Prints the connections and persistence templates that fit every condition, as they are read: numbers and names are those " +
    "of ipvsadm -Lc. A condition that is repeated fits by any of its values. Every user may read them. The kernel has no call " +
    "that ends a connection; connections of a server end when the server is deleted and the sysctl " +
    "net.ipv4.vs.expire_nodest_conn is 1.";
  static override readonly examples = [
    {
      description: "Who is still connected to a server",
      command: "ipvsadm connections -n -r 10.0.0.1 --count-by client",
    },
    {
      description: "The ten networks with the most half-open connections",
      command: "ipvsadm connections --state syn_recv --count-by client/24 --top 10",
    },
    {
      description: "Wait until a server has no connection left",
      command: "while ipvsadm connections --exists --no-templates -r 10.0.0.1; do sleep 1; done",
    },
    {
      description: "What happens to the connections of one client",
      command: "ipvsadm connections -n --follow --client 198.51.100.7",
    },
  ];
  static override readonly flags = {
    ...connectionFlags,
    count: Flags.boolean({ summary: "Print only how many there are.", exclusive: otherThan("count") }),
    "count-by": Flags.string({
      summary:
        "Print how many there are for each client, client/LENGTH, virtual, server, service, state, protocol or origin.",
      helpValue: "KEY,...",
      exclusive: otherThan("count-by", "top"),
    }),
    top: Flags.string({
      summary: "Print only the NUMBER largest of --count-by, which is client by default.",
      helpValue: "NUMBER",
      exclusive: otherThan("count-by", "top"),
    }),
    exists: Flags.boolean({
      summary: "Print nothing; exit with 0 if there is one, with 1 if there is none.",
      exclusive: [...otherThan("exists"), "json"],
    }),
    follow: Flags.boolean({
      summary: "Print what changes from reading to reading: new and gone connections, and states.",
      exclusive: otherThan("follow"),
    }),
    interval: Flags.string({
      summary: `With --follow, the time between two readings: 500ms, 5s, or seconds; at least ${shortestInterval}. The default is 1.`,
      helpValue: "TIME",
      dependsOn: ["follow"],
    }),
    numeric: Flags.boolean({ char: "n", summary: "Show addresses and ports as numbers." }),
    json: Flags.boolean({ summary: "Print a JSON document, or with --follow one JSON event per line." }),
    ...procFlag,
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(Connections);
    const host = withProc(this.host, flags.proc);
    const filter = await readConnectionFilter(flags, host.resolver);
    try {
      return await this.#print(filter, flags, host);
    } catch (error) {
      throw explainReadError(error, host.proc);
    }
  }

  async #print(filter: ConnectionFilter, flags: OutputFlags, host: Host): Promise<number> {
    if (flags.exists) return hasConnection(host.proc, filter) ? exitStatus.success : exitStatus.failure;
    if (flags.follow) {
      await followConnections(filter, parseInterval(flags.interval ?? "1"), flags, host);
      return exitStatus.success;
    }
    const isGrouped = flags["count-by"] !== undefined || flags.top !== undefined;
    let found: number;
    if (isGrouped) {
      const keys = parseGroupKeys(flags["count-by"] ?? defaultKeys);
      const most = flags.top === undefined ? undefined : parseCount(flags.top, "--top");
      const groups = countGroups(host.proc, filter, keys, most);
      await printGroups(groups, keys, flags, host);
      found = groups.length;
    } else if (flags.count) {
      found = countConnections(host.proc, filter);
      await printCount(found, flags, host);
    } else found = await printConnections(filter, flags, host);
    if (found === 0 && flags["fwmark-service"] !== undefined) {
      host.stderr.writeText(
        "ipvsadm connections: only persistence templates show a firewall mark; connections do not\n",
      );
    }
    return exitStatus.success;
  }
}

type OutputFlags = Interfaces.InferredFlags<typeof Connections.flags>;
