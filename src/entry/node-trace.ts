/** Not in the bundle: only people who work on the program use it. */
import type { Platform } from "../host/platform.js";
import { traceIpvs } from "../ipvs/trace.js";
import { nodeSystemCalls } from "../platform/node-calls.js";

/** A file that a checkout has and an installed package does not. */
const source = new URL("../../src/index.ts", import.meta.url).pathname;

/** The platform, which in a checkout prints every netlink message. */
export function traceInCheckout(platform: Platform): Platform {
  try {
    nodeSystemCalls.close(nodeSystemCalls.open(source));
  } catch {
    return platform;
  }
  return { ...platform, trace: traceIpvs };
}
