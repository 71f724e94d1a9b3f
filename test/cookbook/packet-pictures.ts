/**
 * Draws the way of a packet through masquerading, direct routing and a tunnel, with the stops that docs/cookbook/start-here.md
 * describes. The colors follow the reader's light or dark mode. Pure.
 */

/** What a packet looks like on one part of its way. */
interface Packet {
  from: string;
  to: string;
  remark?: string;
}

/** The way of a packet to a server and back. */
interface Way {
  title: string;
  client: string;
  director: string[];
  server: string[];
  toDirector: Packet;
  toServer: Packet;
  /** By the director, or else past it. */
  fromServer: Packet;
  /** Where replies pass the director. */
  toClient?: Packet;
  /** Whether the packet stops once more within the server. */
  isUnpacked?: boolean;
}

const ways: Record<string, Way> = {
  nat: {
    title: "The way of a packet with masquerading (NAT)",
    client: "198.51.100.2",
    director: ["198.51.100.10 (virtual)", "10.0.0.1"],
    server: ["10.0.0.11"],
    toDirector: { from: "198.51.100.2", to: "198.51.100.10" },
    toServer: { from: "198.51.100.2", to: "10.0.0.11", remark: "new destination" },
    fromServer: { from: "10.0.0.11", to: "198.51.100.2", remark: "to the default gateway" },
    toClient: { from: "198.51.100.10", to: "198.51.100.2", remark: "new source" },
  },
  direct: {
    title: "The way of a packet with direct routing (DR)",
    client: "10.0.0.2",
    director: ["10.0.0.100 (virtual)", "10.0.0.1"],
    server: ["10.0.0.11", "10.0.0.100", "(virtual, on lo)"],
    toDirector: { from: "10.0.0.2", to: "10.0.0.100" },
    toServer: { from: "10.0.0.2", to: "10.0.0.100", remark: "only a new MAC address" },
    fromServer: { from: "10.0.0.100", to: "10.0.0.2", remark: "past the director" },
  },
  tunnel: {
    title: "The way of a packet through a tunnel (TUN)",
    client: "10.0.0.2",
    director: ["10.0.0.100 (virtual)", "10.0.0.1"],
    server: ["10.0.0.11, tunl0", "10.0.0.100", "(virtual, on lo)"],
    toDirector: { from: "10.0.0.2", to: "10.0.0.100" },
    toServer: { from: "10.0.0.1", to: "10.0.0.11", remark: "packed into another" },
    fromServer: { from: "10.0.0.100", to: "10.0.0.2", remark: "past the director" },
    isUnpacked: true,
  },
};

const [width, height] = [960, 310];
const top = 60;
/** Where requests and replies run. */
const [requestY, replyY] = [153, 251];
const columns = {
  client: { title: "client", left: 20, right: 160 },
  director: { title: "director", left: 375, right: 585 },
  server: { title: "real server", left: 800, right: 940 },
};
/** The box of a step within the director. */
const step = { left: 390, right: 570 };
/** The middles of the gaps between the columns, and of both. */
const [firstGap, secondGap, wholeGap] = [267, 692, 480];

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

function text(x: number, y: number, content: string, kind = "", anchor = "middle"): string {
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${content}</text>`;
}

function box(
  { title, left, right }: { title: string; left: number; right: number },
  tall: boolean,
  lines: string[],
): string {
  const middle = (left + right) / 2;
  return [
    `<rect x="${left}" y="${top}" width="${right - left}" height="${tall ? 230 : 120}" rx="8" class="box"/>`,
    text(middle, top + 22, title, "title"),
    ...lines.map((line, index) => text(middle, top + 40 + 16 * index, line, "address")),
  ].join("\n");
}

/** A step within the director. */
function inner(y: number, content: string): string {
  const rect = `<rect x="${step.left}" y="${y - 14}" width="${step.right - step.left}" height="28" rx="5" class="inner"/>`;
  return `${rect}\n${text(step.left + 34, y + 4, content, "small", "start")}`;
}

function arrow(kind: "request" | "reply", from: number, to: number): string {
  const y = kind === "request" ? requestY : replyY;
  const end = to + (to > from ? -2 : 2);
  return `<polyline points="${from},${y} ${end},${y}" class="${kind}" stroke-width="2.5" marker-end="url(#${kind}-end)"/>`;
}

function marker(kind: "request" | "reply"): string {
  return (
    `<marker id="${kind}-end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0 0 10 5 0 10z" class="${kind}-end"/></marker>`
  );
}

/** The label above an arrow. */
function label(x: number, y: number, { from, to, remark }: Packet): string {
  const lines = [text(x, y - 13, `${from} &#8594; ${to}`, "address")];
  if (remark !== undefined) lines.push(text(x, y - 30, remark, "small"));
  return lines.join("\n");
}

/** Numbers the stops in the order in which a packet comes to them. */
function numberStops(places: readonly (readonly [x: number, y: number])[]): string[] {
  return places.map(
    ([x, y], index) => `<circle cx="${x}" cy="${y}" r="11" class="stop"/>\n${text(x, y + 5, `${index + 1}`, "number")}`,
  );
}

function drawWay(way: Way): string {
  const { client, director, server } = columns;
  const { toClient, isUnpacked = false } = way;
  const [leaveClient, inStep, inServer] = [client.right + 18, step.left + 16, server.left + 22];
  const requestStops = [leaveClient, director.left, inStep, director.right, inServer, ...(isUnpacked ? [860] : [])];
  const replyStops = [server.left - 18, ...(toClient ? [inStep, director.left] : [])];
  const reply = toClient
    ? [
        inner(replyY, "translated back"),
        arrow("reply", server.left, step.right),
        label(secondGap, replyY, way.fromServer),
        arrow("reply", step.left, client.right),
        label(firstGap, replyY, toClient),
      ]
    : [arrow("reply", server.left, client.right), label(wholeGap, replyY, way.fromServer)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${way.title}</title>`,
    `<style>${style}\n</style>`,
    `<defs>\n${marker("request")}\n${marker("reply")}\n</defs>`,
    `<rect width="100%" height="100%" rx="8" class="page"/>`,
    text(width / 2, 34, way.title, "title"),
    box(client, true, [way.client]),
    box(director, toClient !== undefined, way.director),
    box(server, true, way.server),
    inner(requestY, "service, server"),
    arrow("request", client.right, step.left),
    label(firstGap, requestY, way.toDirector),
    arrow("request", step.right, server.left),
    label(secondGap, requestY, way.toServer),
    ...reply,
    ...numberStops([
      ...requestStops.map((x) => [x, requestY] as const),
      ...replyStops.map((x) => [x, replyY] as const),
    ]),
    "</svg>",
    "",
  ].join("\n");
}

/** The SVGs of all ways, by the names of their files. */
export function drawPacketPictures(): Map<string, string> {
  return new Map(Object.entries(ways).map(([name, way]) => [`packet-${name}.svg`, drawWay(way)]));
}
