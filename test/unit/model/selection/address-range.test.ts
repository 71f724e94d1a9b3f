import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRangeOption } from "../../../../src/cli/address-range.js";
import { formatAddress, parseAddress } from "../../../../src/model/address.js";
import { longestPrefix } from "../../../../src/model/limits.js";
import {
  type AddressRange,
  formatAddressRange,
  isInRange,
  parseAddressRange,
} from "../../../../src/model/selection/address-range.js";
import type { Family } from "../../../../src/model/table.js";
import { Random } from "../../../support/random.js";

for (const [text, family, address, prefixLength, port] of [
  ["10.0.0.1", "inet", "10.0.0.1", 32, undefined],
  ["10.0.0.1:80", "inet", "10.0.0.1", 32, 80],
  ["10.0.0.1:0", "inet", "10.0.0.1", 32, 0],
  ["10.1.2.3/8", "inet", "10.0.0.0", 8, undefined],
  ["10.1.2.3/12:65535", "inet", "10.0.0.0", 12, 65535],
  ["0.0.0.0/0", "inet", "0.0.0.0", 0, undefined],
  ["2001:db8::1", "inet6", "2001:db8::1", 128, undefined],
  ["[2001:DB8:0::1]", "inet6", "2001:db8::1", 128, undefined],
  ["[2001:db8::1]:80", "inet6", "2001:db8::1", 128, 80],
  ["2001:db8:1::/33", "inet6", "2001:db8::", 33, undefined],
  ["2001:db8::/32:80", "inet6", "2001:db8::", 32, 80],
  ["[2001:db8::]/32:80", "inet6", "2001:db8::", 32, 80],
  ["::/0", "inet6", "::", 0, undefined],
  ["::ffff:1.2.3.4", "inet6", "::ffff:1.2.3.4", 128, undefined],
] as const) {
  test(`${text} is a range`, () => {
    assert.deepEqual(parseAddressRange(text), { family, address, prefixLength, port });
  });
}

for (const text of [
  "",
  "web1",
  "web1:80",
  "10",
  "10.0.0",
  "10.0.0.01",
  "10.0.0.256",
  "10.0.0.1/33",
  "10.0.0.1/",
  "10.0.0.1/-1",
  "10.0.0.1:",
  "10.0.0.1:65536",
  "10.0.0.1:http",
  "10.0.0.1:80/8",
  "[10.0.0.1]:80",
  "2001:db8::/129",
  "[2001:db8::1",
  "2001:db8::1]:80",
  "[2001:db8::1/32",
  "[2001:db8::1]80",
  "[2001:db8::1]:",
  "10.0.0.1 ",
  "10.0.0.1\n",
  ":80",
]) {
  test(`${JSON.stringify(text)} is not a range`, () => {
    assert.equal(parseAddressRange(text), undefined);
    assert.throws(() => parseRangeOption("--server", text), {
      name: "UsageError",
      status: 2,
      message:
        `--server takes ADDRESS[/LENGTH][:PORT], not ${JSON.stringify(text)}\n` +
        "An IPv6 address with a port stands in brackets: [2001:db8::1]:80",
    });
  });
}

/** The bits of an address as a number: another way to compare than by bytes. */
function bitsOf(family: Family, address: string): bigint {
  return BigInt(`0x${Buffer.from(parseAddress(family, address)).toString("hex")}`);
}

test("a range contains addresses with its first bits and its port, and survives as text", () => {
  const random = new Random(12);
  let hits = 0;
  for (let round = 0; round < 4000; round++) {
    const family = random.pick(["inet", "inet6"] as const);
    const size = longestPrefix[family] / 8;
    const bytes = Uint8Array.from({ length: size }, () => random.pick([0, 0, 1, 0x7f, 0x80, 0xff]));
    const prefixLength = random.below(8 * size + 1);
    const port = random.coin() ? undefined : random.pick([0, 80, 65535]);
    const text = formatAddressRange({ family, address: formatAddress(family, bytes), prefixLength, port });
    const range = parseAddressRange(text) as AddressRange;
    assert.deepEqual(parseAddressRange(formatAddressRange(range)), range, text);

    const other = bytes.slice();
    if (random.coin()) other[random.below(size)] = random.below(256);
    const endpoint = { address: formatAddress(family, other), port: random.pick([0, 80, 65535]) };
    const shift = BigInt(8 * size - prefixLength);
    const same =
      bitsOf(family, endpoint.address) >> shift === BigInt(`0x${Buffer.from(bytes).toString("hex")}`) >> shift;
    const expected = same && (port === undefined || port === endpoint.port);
    assert.equal(isInRange(range, endpoint), expected, `${text} ${JSON.stringify(endpoint)}`);
    if (expected) hits++;
  }
  assert.ok(hits > 500 && hits < 3500, `${hits}`);
});

test("a range contains nothing of the other family", () => {
  const [ipv4, ipv6] = [parseAddressRange("0.0.0.0/0"), parseAddressRange("::/0")] as [AddressRange, AddressRange];
  assert.equal(isInRange(ipv4, { address: "::1.2.3.4", port: 1 }), false);
  assert.equal(isInRange(ipv6, { address: "1.2.3.4", port: 1 }), false);
});
