import type { Change } from "../ipvs/change.js";
import { type ForwardingMethod, isMarkService, type Protocol, type ServiceKey } from "../ipvs/model.js";
import { quad } from "./addresses.js";

/*
 * Restores are made of servers' rules as `ipvsadm -Sn` prints them: many for every other line. A line that is just that is read
 * by two patterns, in a fraction of the time that options in any order take. Of every other line, and of every fault, nothing
 * is said here: it is left to parseCommandLine, which makes the same of a line that is read here.
 */

const servicePattern = new RegExp(String.raw`^-a (?:-([tu]) (${quad}):(\d{1,5})|-f (\d{1,9})) -r `);
const serverPattern = new RegExp(String.raw`^(${quad}):(\d{1,5}) -([gim])(?: -w (\d{1,9}))?$`);

const protocols: Readonly<Record<string, Protocol>> = { t: "tcp", u: "udp" };
const forwardingMethods: Readonly<Record<string, ForwardingMethod>> = { g: "route", i: "tunnel", m: "masq" };

const noTunnel = { type: "ipip", port: 0, checksum: "nocsum" } as const;

/** Reads servers' rules. The rules of one service that follow each other share its key. */
export class ServerRules {
  /** What stands before the server in the last line. */
  #beginning = "";
  #service: ServiceKey | undefined;

  /** The change that a line, without its newline, means; undefined where it is not such a rule. */
  read(line: string): Change | undefined {
    if (this.#service === undefined || !line.startsWith(this.#beginning)) this.#readService(line);
    const service = this.#service;
    const server = service && serverPattern.exec(line.slice(this.#beginning.length));
    if (!server) return undefined;
    const [, address = "", digits, letter = "", weight = "1"] = server;
    const port = Number(digits);
    const forward = forwardingMethods[letter];
    if (port > 65535 || forward === undefined) return undefined;
    return {
      command: "add-server",
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
        tunnel: noTunnel,
      },
    };
  }

  #readService(line: string): void {
    this.#service = undefined;
    const match = servicePattern.exec(line);
    if (match === null) return;
    const [beginning, letter, address = "", digits, mark] = match;
    this.#beginning = beginning;
    const protocol = protocols[letter ?? ""];
    if (protocol !== undefined) {
      const port = Number(digits);
      if (port <= 65535) this.#service = { family: "inet", protocol, address, port };
    } else {
      const fwmark = Number(mark);
      if (fwmark > 0) this.#service = { family: "inet", fwmark };
    }
  }
}
