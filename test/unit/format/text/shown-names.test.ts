import assert from "node:assert/strict";
import { test } from "node:test";
import { namesOf, tableAddresses } from "../../../../src/format/text/shown-names.js";
import type { NameResolver } from "../../../../src/names/resolver.js";
import { markService, server, service } from "../../../support/entries.js";

test("each address is looked up once, a bounded number at a time", async () => {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const resolver: NameResolver = {
    hostAddress: async () => undefined,
    hostName: async (address, family) => {
      asked.push(`${family} ${address}`);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return address === "10.0.0.7" ? undefined : `name-of-${address}`;
    },
    hostNameInBackground: async () => undefined,
    servicePort: () => undefined,
    serviceName: (port, protocol) => `${port}-${protocol}`,
  };
  const servers = Array.from({ length: 100 }, (_, index) => server({ address: `10.0.0.${index}` }));
  const entries = [
    { service: service(), destinations: servers },
    { service: service({ port: 81 }), destinations: servers },
    {
      service: markService({ family: "inet6", fwmark: 1 }),
      destinations: [server({ family: "inet6", address: "::1" })],
    },
  ];
  const names = await namesOf(tableAddresses(entries), false, resolver);
  assert.equal(asked.length, 101);
  assert.ok(asked.includes("inet6 ::1") && asked.includes("inet 10.0.0.99"));
  assert.equal(most, 32);
  assert.equal(names.host("10.0.0.1"), "name-of-10.0.0.1");
  assert.equal(names.host("10.0.0.7"), undefined);
  assert.equal(names.service(80, "udp"), "80-udp");
});
