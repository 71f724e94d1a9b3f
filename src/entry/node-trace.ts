/** No part of the bundle, as it is for those who work on the program. */
import type { Platform } from "../host/platform.js";
import { traceIpvs } from "../ipvs/trace.js";
import { nodeSystemCalls } from "../platform/node-calls.js";

/** What stands beside `dist` in a checkout, and in no installed package. */
const source = new URL("../../src/index.ts", import.meta.url).pathname;

/** The platform, which in a checkout has every netlink message printed. */
export function traceInCheckout(platform: Platform): Platform {
  try {
    nodeSystemCalls.close(nodeSystemCalls.open(source));
  } catch {
    return platform;
  }
  return { ...platform, trace: traceIpvs };
}
