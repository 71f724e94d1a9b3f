import { quad } from "../../../cli/endpoints.js";
import type { Change } from "../../../model/change.js";
import { defaultTunnel } from "../../../model/defaults.js";
import { largestPort, longestTimeout } from "../../../model/limits.js";
import {
  type ForwardingMethod,
  isMarkService,
  type Protocol,
  type SchedulerFlag,
  type ServiceKey,
} from "../../../model/table.js";

/*
 * The fast path of parseCommandLine for lines of a restore. Nearly all lines are rules exactly as `ipvsadm -Sn` prints them;
 * three patterns read those in a fraction of the time that options in any order take. Any other line, valid or not, is
 * left to parseCommandLine. For lines accepted here both give the same result.
 */

const key = String.raw`(?:-([tu]) (${quad}):(\d{1,5})|-f (\d{1,9}))`;
const servicePattern = new RegExp(String.raw`^-A ${key} -s ([a-z]{1,15})(?: -p (\d{1,7}))?$`);
const beginningPattern = new RegExp(`^-a ${key} -r `);
/** Matches at `lastIndex`. */
const serverPattern = new RegExp(String.raw`(${quad}):(\d{1,5}) -([gim])(?: -w (\d{1,9}))?$`, "y");

const protocolLetters: Readonly<Record<string, Protocol>> = { t: "tcp", u: "udp" };
const forwardingLetters: Readonly<Record<string, ForwardingMethod>> = { g: "route", i: "tunnel", m: "masq" };

const noFlags: readonly SchedulerFlag[] = [];

/** Reads rules. The key of a service is read once for the rules of its servers that follow each other. */
export class PlainRuleReader {
  /** The text before the server in the last rule of a server. */
  #beginning = "";
  #service: ServiceKey | undefined;

  /** The change that a line, given without its newline, describes; undefined where it is no plain rule. */
  read(line: string): Change | undefined {
    return line.startsWith("-A") ? readServiceRule(line) : this.#readServer(line);
  }

  #readServer(line: string): Change | undefined {
    if (this.#service === undefined || !line.startsWith(this.#beginning)) {
      const match = beginningPattern.exec(line);
      this.#service = match === null ? undefined : matchedKey(match);
      this.#beginning = match === null ? "" : match[0];
    }
    const service = this.#service;
    serverPattern.lastIndex = this.#beginning.length;
    const server = service && serverPattern.exec(line);
    if (!server) return undefined;
    const [, address = "", digits, letter = "", weight = "1"] = server;
    const port = Number(digits);
    const forward = forwardingLetters[letter];
    if (port > largestPort || forward === undefined) return undefined;
    return {
      command: "add-destination",
      service,
      destination: {
        family: "inet",
        address,
        // Only masquerading can change the port; a mark has none.
        port: forward === "masq" || isMarkService(service) ? port : service.port,
        forward,
        weight: Number(weight),
        upperThreshold: 0,
        lowerThreshold: 0,
        tunnel: defaultTunnel,
      },
    };
  }
}

function readServiceRule(line: string): Change | undefined {
  const match = servicePattern.exec(line);
  const key = match && matchedKey(match);
  if (!match || !key) return undefined;
  const [, , , , , scheduler = "", digits] = match;
  const persistent = digits !== undefined;
  const timeout = Number(digits ?? 0);
  if (persistent ? timeout < 1 || timeout > longestTimeout : !isMarkService(key) && key.port === 0) return undefined;
  return {
    command: "add-service",
    // A literal that begins with `...key` would be slower to read later.
    service: Object.assign(key, {
      scheduler,
      schedulerFlags: noFlags,
      onePacket: false,
      persistent,
      timeout,
      netmask: "255.255.255.255",
    }),
  };
}

/** The service in a match that begins with the groups of `key`; undefined where its numbers are too large. */
function matchedKey([, letter = "", address = "", digits, mark]: RegExpExecArray): ServiceKey | undefined {
  const protocol = protocolLetters[letter];
  if (protocol === undefined) return Number(mark) > 0 ? { family: "inet", fwmark: Number(mark) } : undefined;
  const port = Number(digits);
  return port <= largestPort ? { family: "inet", protocol, address, port } : undefined;
}
