// Writes docs/pictures/packet-*.svg: the way of a packet through NAT, direct routing and a tunnel, with the stops that
// docs/cookbook/start-here.md describes. The colors follow the reader's light or dark mode.
import { writeFileSync } from "node:fs";

const [width, height] = [960, 310];
const boxes = {
  client: { x: 20, width: 140, title: "client" },
  director: { x: 375, width: 210, title: "director" },
  server: { x: 800, width: 140, title: "real server" },
};

const style = `
  .page { fill: #ffffff } .box { fill: #f2f4f8; stroke: #8a94a6 } .inner { fill: #ffffff; stroke: #b4bccb }
  text { fill: #1c2430; font-family: DejaVu Sans, Verdana, Arial, sans-serif; font-size: 14px }
  .title { font-weight: bold } .small { font-size: 12px }
  .address { font-family: DejaVu Sans Mono, Menlo, Consolas, monospace; font-size: 12px }
  .request { stroke: #1f6feb; fill: none } .reply { stroke: #2da44e; fill: none } .request-end { fill: #1f6feb }
  .reply-end { fill: #2da44e } .stop { fill: #bf3989 } .number { fill: #ffffff; font-weight: bold; font-size: 13px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #161b22 } .box { fill: #222a35; stroke: #6d7889 } .inner { fill: #161b22; stroke: #4a5466 }
    text { fill: #e2e8f0 } .request { stroke: #6cb0ff } .reply { stroke: #56d364 } .request-end { fill: #6cb0ff }
    .reply-end { fill: #56d364 } .stop { fill: #db61a2 }
  }`;

const text = (x, y, content, kind = "", anchor = "middle") =>
  `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${content}</text>`;

const box = ({ x, width: wide, title }, y, height, lines) =>
  [
    `<rect x="${x}" y="${y}" width="${wide}" height="${height}" rx="8" class="box"/>`,
    text(x + wide / 2, y + 22, title, "title"),
    ...lines.map((line, index) => text(x + wide / 2, y + 40 + 16 * index, line, "address")),
  ].join("\n");

/** A step within the director. */
const inner = (y, content) =>
  `<rect x="390" y="${y}" width="180" height="28" rx="5" class="inner"/>\n${text(424, y + 18, content, "small", "start")}`;

const stop = (number, x, y) => `<circle cx="${x}" cy="${y}" r="11" class="stop"/>\n${text(x, y + 5, number, "number")}`;

/** An arrow along points. */
const arrow = (kind, ...points) =>
  `<polyline points="${points.map((point) => point.join(",")).join(" ")}" class="${kind}" stroke-width="2.5" ` +
  `marker-end="url(#${kind}-end)"/>`;

const marker = (kind) =>
  `<marker id="${kind}-end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
  `<path d="M0 0 10 5 0 10z" class="${kind}-end"/></marker>`;

/** A packet's label above an arrow: what it is, from whom, for whom. */
const packet = (x, y, from, to, remark) =>
  [
    text(x, y, `${from} &#8594; ${to}`, "address"),
    ...(remark === undefined ? [] : [text(x, y - 17, remark, "small")]),
  ].join("\n");

const [left, right] = [267, 692];

const past = (from, to) => [arrow("reply", [800, 251], [162, 251]), packet(480, 238, from, to, "past the director")];

const pictures = {
  nat: {
    title: "The way of a packet with masquerading (NAT)",
    content: [
      box(boxes.client, 60, 230, ["198.51.100.2"]),
      box(boxes.director, 60, 230, ["198.51.100.10 (virtual)", "10.0.0.1"]),
      box(boxes.server, 60, 230, ["10.0.0.11"]),
      inner(123, "service, server"),
      inner(237, "translated back"),
      arrow("request", [160, 137], [388, 137]),
      packet(left, 124, "198.51.100.2", "198.51.100.10"),
      arrow("request", [570, 137], [798, 137]),
      packet(right, 124, "198.51.100.2", "10.0.0.11", "new destination"),
      arrow("reply", [800, 251], [572, 251]),
      packet(right, 238, "10.0.0.11", "198.51.100.2", "to the default gateway"),
      arrow("reply", [390, 251], [162, 251]),
      packet(left, 238, "198.51.100.10", "198.51.100.2", "new source"),
      stop(1, 178, 137),
      stop(2, 375, 137),
      stop(3, 406, 137),
      stop(4, 585, 137),
      stop(5, 822, 137),
      stop(6, 782, 251),
      stop(7, 406, 251),
      stop(8, 375, 251),
    ],
  },
  direct: {
    title: "The way of a packet with direct routing (DR)",
    content: [
      box(boxes.client, 60, 230, ["10.0.0.2"]),
      box(boxes.director, 60, 120, ["10.0.0.100 (virtual)", "10.0.0.1"]),
      box(boxes.server, 60, 230, ["10.0.0.11", "10.0.0.100", "(virtual, on lo)"]),
      inner(139, "service, server"),
      arrow("request", [160, 153], [388, 153]),
      packet(left, 140, "10.0.0.2", "10.0.0.100"),
      arrow("request", [570, 153], [798, 153]),
      packet(right, 140, "10.0.0.2", "10.0.0.100", "only a new MAC address"),
      ...past("10.0.0.100", "10.0.0.2"),
      stop(1, 178, 153),
      stop(2, 375, 153),
      stop(3, 406, 153),
      stop(4, 585, 153),
      stop(5, 822, 153),
      stop(6, 782, 251),
    ],
  },
  tunnel: {
    title: "The way of a packet through a tunnel (TUN)",
    content: [
      box(boxes.client, 60, 230, ["10.0.0.2"]),
      box(boxes.director, 60, 120, ["10.0.0.100 (virtual)", "10.0.0.1"]),
      box(boxes.server, 60, 230, ["10.0.0.11, tunl0", "10.0.0.100", "(virtual, on lo)"]),
      inner(139, "service, server"),
      arrow("request", [160, 153], [388, 153]),
      packet(left, 140, "10.0.0.2", "10.0.0.100"),
      arrow("request", [570, 153], [798, 153]),
      packet(right, 140, "10.0.0.1", "10.0.0.11", "packed into another"),
      ...past("10.0.0.100", "10.0.0.2"),
      stop(1, 178, 153),
      stop(2, 375, 153),
      stop(3, 406, 153),
      stop(4, 585, 153),
      stop(5, 822, 153),
      stop(6, 860, 153),
      stop(7, 782, 251),
    ],
  },
};

for (const [name, { title, content }] of Object.entries(pictures)) {
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}\n</style>`,
    `<defs>\n${marker("request")}\n${marker("reply")}\n</defs>`,
    `<rect width="100%" height="100%" rx="8" class="page"/>`,
    text(width / 2, 34, title, "title"),
    ...content,
    "</svg>",
    "",
  ].join("\n");
  writeFileSync(new URL(`../docs/pictures/packet-${name}.svg`, import.meta.url), svg);
}
