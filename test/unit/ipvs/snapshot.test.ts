import assert from "node:assert/strict";
import { test } from "node:test";
import { readSummaries } from "../../../src/ipvs/snapshot.js";
import { markService, server, service } from "../../support/entries.js";
import { scriptHost } from "../../support/scripted-host.js";

const TITLES = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;
const TCP = "TCP  0A000001:0050 wlc  \n";
const MARK = "FWM  00000007 wlc \n";
const SERVER = "  -> 0A000009:0050      Masq    3      4          5         \n";
const TUNNEL = "  -> 0A000008:0050      Tunnel  1      0          0         \n";

const services = [service(), markService({ family: "inet", fwmark: 7 })];
const fromRow = {
  address: "10.0.0.9",
  port: 80,
  forward: "masq",
  weight: 3,
  activeConnections: 4,
  inactiveConnections: 5,
};
const fromNetlink = server({ address: "10.0.0.9" });

async function read(table: string, answers: object = { serviceSettings: services }) {
  const scripted = scriptHost({ table, answers: { destinations: [fromNetlink], ...answers } });
  const client = await scripted.host.openKernel({ loadModule: false });
  const entries = await readSummaries(client, scripted.host.proc, "tunnel");
  return {
    servers: entries.map(({ destinations }) => destinations),
    calls: scripted.calls.map((call) => call.split(" ")[0]),
  };
}

test("servers come from the text if its services are those of netlink", async () => {
  assert.deepEqual(await read(TITLES + TCP + SERVER + SERVER + MARK), {
    servers: [[fromRow, fromRow], []],
    calls: ["serviceSettings"],
  });
});

test("services with a server that needs details come from netlink", async () => {
  assert.deepEqual(await read(TITLES + TCP + TUNNEL + SERVER + MARK + SERVER), {
    servers: [[fromNetlink], [fromRow]],
    calls: ["serviceSettings", "destinations"],
  });
});

test("the text of an empty table is not read", async () => {
  assert.deepEqual(await read("no such text", { serviceSettings: [] }), { servers: [], calls: ["serviceSettings"] });
});

for (const [what, table] of [
  ["a service is missing", TITLES + TCP + SERVER],
  ["a service is new", TITLES + TCP + SERVER + MARK + MARK],
  ["services have changed places", TITLES + MARK + TCP + SERVER],
  ["a mark differs", `${TITLES + TCP + SERVER}FWM  00000008 wlc \n`],
  ["a protocol differs", `${TITLES}UDP  0A000001:0050 wlc \n${MARK}`],
  ["an address differs", `${TITLES}TCP  0A000002:0050 wlc \n${MARK}`],
  ["a port differs", `${TITLES}TCP  0A000001:0051 wlc \n${MARK}`],
  ["the text is strange", "Hello\n"],
] as const) {
  test(`all servers come from netlink where ${what}`, async () => {
    assert.deepEqual(await read(table), {
      servers: [[fromNetlink], [fromNetlink]],
      calls: ["serviceSettings", "destinations", "destinations"],
    });
  });
}
