import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServices } from "../../../src/names/services-file.js";

const services = parseServices(`# comment
http 80/tcp www # www2
  alt	80//tcp	http \xa0caf\xc3\xa0
http	81/tcp
http 80/udp
odd 80/dccp
broken
nonsense x/tcp
octal 0120/tcp
hexadecimal 0x52/tcp
mixed 089/tcp
big 65619/tcp cr\r
#off 7/tcp
last 9/sctp`);

test("the first line that fits wins, by name, alias and number", () => {
  const { tcp } = services;
  assert.equal(tcp.ports.get("http"), 80);
  assert.equal(tcp.ports.get("www"), 80);
  assert.equal(tcp.ports.get("alt"), 80);
  assert.equal(tcp.names.get(80), "http");
  assert.equal(tcp.names.get(81), "http");
});

test("ports are C's integers of 16 bits", () => {
  const ports = ["octal", "hexadecimal", "big", "cr"].map((name) => services.tcp.ports.get(name));
  assert.deepEqual(ports, [80, 82, 83, 83]);
  assert.equal(services.tcp.names.get(83), "big");
});

test("a byte beyond ASCII parts no words", () => {
  assert.equal(services.tcp.ports.get("\xa0caf\xc3\xa0"), 80);
});

test("protocols are apart, comments and broken lines are nothing", () => {
  assert.deepEqual([...services.udp.ports], [["http", 80]]);
  assert.deepEqual([...services.sctp.names], [[9, "last"]]);
  for (const name of ["www2", "odd", "broken", "mixed", "nonsense", "#off", "off"]) {
    assert.equal(services.tcp.ports.get(name), undefined, name);
  }
});
