import assert from "node:assert/strict";
import { test } from "node:test";
import { sortEntries, sortServers, sortServices } from "../../../../src/format/text/classic-order.js";
import { type DestinationEntry, isMarkService, type ServiceEntry } from "../../../../src/model/table.js";
import { markService, server, service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";

const order = (...services: readonly ServiceEntry[]) =>
  sortServices(services).map((sorted) =>
    isMarkService(sorted) ? `${sorted.fwmark} ${sorted.family}` : `${sorted.protocol} ${sorted.address} ${sorted.port}`,
  );
const servers = (...destinations: readonly DestinationEntry[]) =>
  sortServers(destinations).map(({ address, port }) => `${address} ${port}`);

test("services: mark, family, protocol, address, port", () => {
  assert.deepEqual(
    order(
      markService({ family: "inet6", fwmark: 1 }),
      markService({ family: "inet", fwmark: 2 }),
      markService({ family: "inet", fwmark: 1 }),
      service({ family: "inet6", address: "2001:db8::1" }),
      service({ family: "inet6", address: "::1" }),
      service({ protocol: "sctp" }),
      service({ protocol: "udp" }),
      service({ port: 443 }),
      service(),
    ),
    [
      "tcp 10.0.0.1 80",
      "tcp 10.0.0.1 443",
      "udp 10.0.0.1 80",
      "sctp 10.0.0.1 80",
      "tcp ::1 80",
      "tcp 2001:db8::1 80",
      "1 inet",
      "1 inet6",
      "2 inet",
    ],
  );
});

test("differences are signed 32-bit numbers", () => {
  assert.deepEqual(servers(server({ address: "10.0.0.1" }), server({ address: "192.168.0.1" })), [
    "192.168.0.1 80",
    "10.0.0.1 80",
  ]);
  assert.deepEqual(order(service(), markService({ family: "inet", fwmark: 4294967295 })), [
    "4294967295 inet",
    "tcp 10.0.0.1 80",
  ]);
});

test("where the order runs in a circle it depends on the order given", () => {
  const circle = ["10.0.0.100", "123.1.2.3", "192.168.100.254"];
  const sorted = (addresses: readonly string[]) => servers(...addresses.map((address) => server({ address })));
  assert.deepEqual(sorted(circle), ["10.0.0.100 80", "123.1.2.3 80", "192.168.100.254 80"]);
  assert.deepEqual(sorted([...circle.slice(1), "10.0.0.100"]), ["123.1.2.3 80", "192.168.100.254 80", "10.0.0.100 80"]);
});

test("of two families the first one's length is compared", () => {
  const four = server({ address: "128.0.0.0", port: 8080 });
  const sixth = server({ family: "inet6", address: "8000::1", port: 1 });
  assert.deepEqual(servers(four, sixth), ["8000::1 1", "128.0.0.0 8080"]);
  assert.deepEqual(servers(sixth, four), ["128.0.0.0 8080", "8000::1 1"]);
});

test("of near addresses the order does not depend on the order given, and it is that of the numbers", () => {
  const random = new Random(5);
  const number = ({ address }: { readonly address: string }) =>
    address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const ranks = { tcp: 0, udp: 1, sctp: 2 };
  for (let round = 0; round < 500; round++) {
    const made = Array.from({ length: random.below(8) }, () => {
      const address = `${random.pick([10, 10, 127, 137])}.0.0.${random.below(3)}`;
      return { protocol: random.pick(["tcp", "udp", "sctp"] as const), address, port: random.below(3) };
    });
    const unique = [...new Map(made.map((key) => [JSON.stringify(key), key])).values()];
    const expected = [...unique].sort(
      (a, b) => ranks[a.protocol] - ranks[b.protocol] || number(a) - number(b) || a.port - b.port,
    );
    const text = expected.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
    assert.deepEqual(order(...unique.map((key) => service(key))), text);
  }
});

test("services with their servers stand in the order of the services", () => {
  const [first, second] = [service({ port: 1 }), service({ port: 2 })];
  assert.deepEqual(sortEntries([{ service: second }, { service: first }]), [{ service: first }, { service: second }]);
});
