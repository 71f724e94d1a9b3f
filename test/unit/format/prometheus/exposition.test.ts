import assert from "node:assert/strict";
import { test } from "node:test";
import { type MetricFamily, renderExposition, renderLabels } from "../../../../src/format/prometheus/exposition.js";
import { renderGoFloat } from "../../../../src/format/prometheus/node-exporter.js";
import { Random } from "../../../support/random.js";

const text = (families: readonly MetricFamily[], openMetrics = false) =>
  [...renderExposition(families, { openMetrics })].join("");

const bytes: MetricFamily = {
  name: "a_bytes",
  type: "counter",
  help: 'back\\slash, "quotes" and\nline',
  unit: "bytes",
  samples: [
    { labels: "", value: 18446744073709551615n },
    { labels: 'x="1"', value: 0.5 },
  ],
};
const info: MetricFamily = { name: "a", type: "info", help: "h", samples: [{ labels: 'v="1"', value: 1 }] };

test("Prometheus' format: families are named like their samples", () => {
  assert.equal(
    text([bytes, info]),
    '# HELP a_bytes_total back\\\\slash, "quotes" and\\nline\n# TYPE a_bytes_total counter\n' +
      'a_bytes_total 18446744073709551615\na_bytes_total{x="1"} 0.5\n' +
      '# HELP a_info h\n# TYPE a_info gauge\na_info{v="1"} 1\n',
  );
});

test("OpenMetrics: families without suffix, units, and an end", () => {
  assert.equal(
    text([bytes, info], true),
    '# TYPE a_bytes counter\n# UNIT a_bytes bytes\n# HELP a_bytes back\\\\slash, \\"quotes\\" and\\nline\n' +
      'a_bytes_total 18446744073709551615\na_bytes_total{x="1"} 0.5\n' +
      '# TYPE a info\n# HELP a h\na_info{v="1"} 1\n# EOF\n',
  );
});

test("samples are taken as they are written, in pieces", () => {
  let taken = 0;
  const samples = function* () {
    for (taken = 0; taken < 100_000; taken++) yield { labels: `n="${taken}"`, value: taken };
  };
  const pieces = renderExposition([{ name: "a", type: "gauge", help: "h", samples: { [Symbol.iterator]: samples } }], {
    openMetrics: false,
  });
  const { value: first } = pieces.next();
  assert.ok(taken < 10_000 && (first ?? "").length < 40_000);
  let length = (first ?? "").split("\n").length;
  for (const piece of pieces) length += piece.split("\n").length - 1;
  assert.equal(length, 100_003);
});

/** What a reader of the format makes of labels. */
function parseLabels(rendered: string): [string, string][] {
  const found = [...rendered.matchAll(/(\w+)="((?:[^\\"\n]|\\[\\"n])*)"(?:,|$)/g)];
  assert.equal(found.map(([all]) => all).join(""), rendered);
  return found.map(([, name = "", value = ""]) => [
    name,
    value.replace(/\\(.)/g, (_, character) => (character === "n" ? "\n" : character)),
  ]);
}

test("any text is a label, and comes back", () => {
  const random = new Random(7);
  for (let time = 0; time < 300; time++) {
    const labels = random.list(4, () => {
      const value = random.list(8, () => random.pick(["\\", '"', "\n", ",", "}", "a", "=", "\u{1f600}", "\r", "\0"]));
      return [`l${random.between(0, 9)}`, value.join("")] as [string, string];
    });
    assert.deepEqual(parseLabels(renderLabels(labels)), labels);
  }
});

test("numbers as Go writes them", () => {
  // Of strconv.FormatFloat(f, 'g', -1, 64).
  const cases: readonly [number | bigint, string][] = [
    [0, "0"],
    [999999n, "999999"],
    [1000000n, "1e+06"],
    [1234567n, "1.234567e+06"],
    [123456789012n, "1.23456789012e+11"],
    [9007199254740993n, "9.007199254740992e+15"],
    [18446744073709551615n, "1.8446744073709552e+19"],
    [-2000000, "-2e+06"],
  ];
  for (const [value, written] of cases) assert.equal(renderGoFloat(value), written);
});
