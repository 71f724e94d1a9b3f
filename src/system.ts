/** The real world, as commands are handed it. */
import { existsSync, readFileSync } from "node:fs";
import type { Effects } from "./classic/effects.js";
import type { World } from "./commands/world.js";
import { type IpvsClient, openClient } from "./ipvs/client.js";
import { IpvsError } from "./ipvs/errors.js";
import { systemNames } from "./names/system-names.js";
import { connect } from "./netlink/connection.js";
import { NetlinkError } from "./netlink/errors.js";
import { NETLINK_GENERIC } from "./netlink/generic.js";
import type { Socket } from "./netlink/socket.js";
import { readChunks, readText } from "./proc/read.js";
import { flush, outputIsTerminal, standardInput, writeError, writeOutput } from "./process.js";

/** Opens a netlink socket of the protocol, with what this runtime has for it. Rejects with a NetlinkError. */
export type OpenSocket = (protocol: number) => Promise<Socket>;

export function systemEffects(openSocket: OpenSocket): Effects {
  return {
    output: writeOutput,
    error: writeError,
    get input() {
      return standardInput();
    },
    openClient: () => openKernel(openSocket),
    readTable: () => readText("ip_vs"),
    readConnections: () => readChunks("ip_vs_conn"),
    resolver: systemNames(readIfThere),
    terminal: async () => ((await outputIsTerminal()) ? { colour: !process.env.NO_COLOR } : undefined),
    now: () => new Date(),
  };
}

/** The same for the commands that are words. They do not load the module, for they change nothing. */
export function systemWorld(openSocket: OpenSocket): World {
  return {
    environment: process.env,
    output: (text) => {
      writeOutput(Buffer.from(text).toString("latin1"));
      flush();
    },
    error: (text) => writeError(Buffer.from(text).toString("latin1")),
    openClient: () => openConnected(openSocket),
    resolver: systemNames(readIfThere),
  };
}

/** Connects to ip_vs; where that fails its module is loaded, once, as ipvsadm does. Rejects with an IpvsError. */
async function openKernel(openSocket: OpenSocket): Promise<IpvsClient> {
  try {
    return await openConnected(openSocket);
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    const { spawnSync } = await import("node:child_process");
    spawnSync("/sbin/modprobe", ["--", "ip_vs"], { stdio: "inherit" });
    return openConnected(openSocket);
  }
}

async function openConnected(openSocket: OpenSocket): Promise<IpvsClient> {
  try {
    return await openClient(connect(await openSocket(NETLINK_GENERIC)));
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "latin1") : "";
}
