/** The real world, as commands are handed it. */
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
import { type OutputStreams, outputIsTerminal, standardInput } from "./process.js";
import { readFile } from "./runtime/read-file.js";
import { type SystemCalls, SystemError } from "./runtime/system-calls.js";

/** The way to the operating system, which each runtime has its own of. */
export interface Platform {
  readonly calls: SystemCalls;
  /** Opens a netlink socket of the protocol. Throws or rejects with a NetlinkError. */
  openSocket(protocol: number): Socket | Promise<Socket>;
}

export function systemEffects(platform: Platform, streams: OutputStreams): Effects {
  return {
    output: (text) => streams.output(text),
    error: (text) => streams.error(text),
    get input() {
      return standardInput(platform.calls);
    },
    openClient: () => openKernel(platform),
    readTable: () => readText(platform.calls, "ip_vs"),
    readConnections: () => readChunks(platform.calls, "ip_vs_conn"),
    resolver: systemNames((path) => readIfThere(platform.calls, path)),
    terminal: async () => ((await outputIsTerminal()) ? { colour: !process.env.NO_COLOR } : undefined),
    now: () => new Date(),
  };
}

/** The same for the commands that are words. They do not load the module, for they change nothing. */
export function systemWorld(platform: Platform, streams: OutputStreams): World {
  return {
    environment: process.env,
    output: (text) => {
      streams.output(Buffer.from(text));
      streams.flush();
    },
    error: (text) => streams.error(Buffer.from(text).toString("latin1")),
    openClient: () => openConnected(platform),
    resolver: systemNames((path) => readIfThere(platform.calls, path)),
  };
}

/** Connects to ip_vs; where that fails its module is loaded, once, as ipvsadm does. Rejects with an IpvsError. */
async function openKernel(platform: Platform): Promise<IpvsClient> {
  try {
    return await openConnected(platform);
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    await platform.calls.run("/sbin/modprobe", ["--", "ip_vs"]);
    return openConnected(platform);
  }
}

async function openConnected({ openSocket }: Platform): Promise<IpvsClient> {
  try {
    return await openClient(connect(await openSocket(NETLINK_GENERIC)));
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

function readIfThere(calls: SystemCalls, path: string): string {
  try {
    return readFile(calls, path);
  } catch (error) {
    if (error instanceof SystemError && error.code === "ENOENT") return "";
    throw error;
  }
}
