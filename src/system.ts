/** The real world, as commands are handed it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Effects } from "./classic/effects.js";
import { type IpvsClient, openClient } from "./ipvs/client.js";
import { IpvsError } from "./ipvs/errors.js";
import { systemNames } from "./names/system-names.js";
import { connect } from "./netlink/connection.js";
import { NetlinkError } from "./netlink/errors.js";
import { NETLINK_GENERIC } from "./netlink/generic.js";
import { openSocket } from "./netlink/socket-node.js";
import { readChunks } from "./proc/read.js";
import { standardInput, writeError, writeOutput } from "./process.js";

export function systemEffects(): Effects {
  return {
    output: writeOutput,
    error: writeError,
    get input() {
      return standardInput();
    },
    openClient: openKernel,
    readConnections: () => readChunks("ip_vs_conn"),
    resolver: systemNames(readIfThere),
  };
}

/** Connects to ip_vs; where that fails its module is loaded, once, as ipvsadm does. Rejects with an IpvsError. */
async function openKernel(): Promise<IpvsClient> {
  try {
    return await openConnected();
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    spawnSync("/sbin/modprobe", ["--", "ip_vs"], { stdio: "inherit" });
    return openConnected();
  }
}

function openConnected(): Promise<IpvsClient> {
  try {
    return openClient(connect(openSocket(NETLINK_GENERIC)));
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "latin1") : "";
}
