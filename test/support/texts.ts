/** Documents as text, for tests. */

import { compactStyle, type Style } from "../../src/format/json/json-style.js";
import { type DocumentParts, renderDocumentParts } from "../../src/format/json/render-document.js";
import type { DesiredState } from "../../src/model/desired.js";
import type { Connection } from "../../src/model/table.js";
import type { Whole } from "./random-table.js";

const facts = { info: { version: "1.2.1", connectionTableSize: 4096 }, takenAt: new Date(0) };

/** The answer to a list command. */
export function listText(parts: Omit<DocumentParts, "info" | "takenAt">, style: Style = compactStyle): string {
  return [...renderDocumentParts({ ...facts, ...parts }, true, style)].join("");
}

/** The answer to a save command. */
export function saveText(table: Whole): string {
  return [...renderDocumentParts({ ...facts, ...table }, false, compactStyle)].join("");
}

const zero = { connections: 0n, packetsIn: 0n, packetsOut: 0n, bytesIn: 0n, bytesOut: 0n };
const unmeasured = { counters: zero, rates: zero };

/** A save of the table that a desired state makes; the parts that it does not have are left out. */
export function saveDesiredState({ services, timeouts, daemons }: DesiredState): string {
  const entries = services?.map(({ service, destinations }) => ({
    service: { ...service, ...unmeasured },
    destinations: destinations.map((destination) => ({
      ...destination,
      ...unmeasured,
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
    })),
  }));
  const parts = { ...(entries && { services: entries }), ...(timeouts && { timeouts }), ...(daemons && { daemons }) };
  return [...renderDocumentParts({ ...facts, ...parts }, false, compactStyle)].join("");
}

/** What a restore of the table should configure. */
export function desiredStateOf({ services, timeouts, daemons }: Whole): DesiredState {
  return {
    services: services.map(({ service: { counters, rates, ...service }, destinations }) => ({
      service,
      destinations: destinations.map(
        ({ counters, rates, activeConnections, inactiveConnections, persistentConnections, ...destination }) =>
          destination,
      ),
    })),
    timeouts,
    daemons,
  };
}

export const connections: readonly Connection[] = [
  {
    protocol: "TCP",
    source: { address: "10.0.0.9", port: 40000 },
    virtual: { address: "10.0.0.1", port: 80 },
    destination: { address: "10.0.0.2", port: 8080 },
    state: "ESTABLISHED",
    expires: 899,
  },
  {
    protocol: "UDP",
    source: { address: "2001:db8::9", port: 0 },
    virtual: { address: "2001:db8::1", port: 5060 },
    destination: { address: "2001:db8::2", port: 5060 },
    state: "UDP",
    expires: 2 ** 32 - 1,
    engine: { name: "sip", data: 'call"\xff\x01' },
  },
];
