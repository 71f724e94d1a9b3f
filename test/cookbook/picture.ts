/**
 * Draws a page's hosts as boxes, from left to right in the order in which a packet reaches them, and its steps as numbered
 * arrows. A step to the next column is a straight arrow; one that passes over columns runs below the boxes. Pure.
 */
import type { Host, Page, Step } from "./page.js";

const [boxPadding, lineHeight, slotHeight, laneHeight, margin, letter] = [12, 17, 40, 40, 24, 6.7];
/** A column with more hosts shows the first ones, and how many more there are. */
const mostBoxes = 4;
const [ink, faint, paper, forwardColor, backColor] = ["#1f2933", "#5f6c7b", "#ffffff", "#1c64b4", "#2b8a3e"];

interface Box {
  title: string;
  lines: string[];
  column: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Arrow {
  points: [number, number][];
  label: string[];
  labelAt: [number, number];
  number: number;
  color: string;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * The column of each host: one more than that of the host from which a packet first reaches it. A host that no step names
 * stands below one that is on the same networks; without such a one it is not drawn.
 */
function columnsOf(page: Page): Map<string, number> {
  const columns = new Map<string, number>();
  for (const { from, to } of page.steps) {
    if (!columns.has(from)) columns.set(from, 0);
    if (!columns.has(to)) columns.set(to, (columns.get(from) ?? 0) + 1);
  }
  const networksOf = (host: Host) => host.interfaces.map(({ network }) => network).join();
  const reached = new Map(columns);
  for (const host of page.hosts) {
    if (columns.has(host.name)) continue;
    const alike = page.hosts.filter((other) => reached.has(other.name) && networksOf(other) === networksOf(host));
    const column = reached.get(alike.at(-1)?.name ?? "");
    if (column !== undefined) columns.set(host.name, column);
  }
  return columns;
}

const textLength = (lines: readonly string[]) => Math.ceil(Math.max(0, ...lines.map((line) => line.length)) * letter);

/** The boxes, in columns that leave room for the labels between them. */
function placeBoxes(page: Page): Map<string, Box> {
  const columns = columnsOf(page);
  const labels = page.steps
    .filter((step) => Math.abs(spanOf(step, columns)) === 1)
    .map(({ label }) => textLength(label));
  const gap = Math.max(120, ...labels.map((width) => width + 56));
  const slots = Math.max(
    ...page.steps.map((step) => page.steps.filter((other) => sameGap(step, other, columns)).length),
  );
  const boxes = new Map<string, Box>();
  let x = margin;
  for (let column = 0; column <= Math.max(...columns.values()); column++) {
    const hosts = page.hosts.filter((host) => columns.get(host.name) === column);
    const shown = hosts.length > mostBoxes ? hosts.slice(0, mostBoxes - 1) : hosts;
    const texts = shown.map((host) =>
      host.interfaces.flatMap(({ network, addresses }) => addresses.map((address) => `${network} ${address}`)),
    );
    const titles = shown.map(({ name }) => name);
    if (shown.length < hosts.length) titles.push(`and ${hosts.length - shown.length} more`);
    const width = 2 * boxPadding + Math.max(90, ...texts.map(textLength));
    let y = margin;
    for (const [index, title] of titles.entries()) {
      const lines = texts[index] ?? [];
      const least = index === 0 ? slots * slotHeight + 14 : 0;
      const height = Math.max(least, 2 * boxPadding + lineHeight * (lines.length + 1));
      boxes.set(title, { title, lines, column, x, y, width, height });
      y += height + 18;
    }
    x += width + gap;
  }
  return boxes;
}

function spanOf({ from, to }: Step, columns: Map<string, number>): number {
  return (columns.get(to) ?? 0) - (columns.get(from) ?? 0);
}

/** Whether two steps are straight arrows between the same columns. */
function sameGap(one: Step, other: Step, columns: Map<string, number>): boolean {
  const left = (step: Step) => Math.min(columns.get(step.from) ?? 0, columns.get(step.to) ?? 0);
  return Math.abs(spanOf(one, columns)) === 1 && Math.abs(spanOf(other, columns)) === 1 && left(one) === left(other);
}

function placeArrows(page: Page, boxes: Map<string, Box>): Arrow[] {
  const bottom = Math.max(...[...boxes.values()].map(({ y, height }) => y + height));
  const used = new Map<string, number>();
  const next = (what: string) => {
    const count = used.get(what) ?? 0;
    used.set(what, count + 1);
    return count;
  };
  return page.steps.map(({ from, to, label }, index) => {
    const [source, target] = [boxes.get(from), boxes.get(to)];
    if (source === undefined || target === undefined)
      throw new Error(`${page.name}: step ${index + 1} has an unknown host`);
    const back = target.column < source.column;
    const color = back ? backColor : forwardColor;
    const [startX, endX] = back ? [source.x, target.x + target.width] : [source.x + source.width, target.x];
    const number = index + 1;
    const side = back ? -1 : 1;
    if (Math.abs(target.column - source.column) === 1) {
      const offset = 30 + next(`gap ${Math.min(source.column, target.column)}`) * slotHeight;
      const [startY, endY] = [source, target].map((box) => box.y + Math.min(offset, box.height - 14));
      const points: [number, number][] = [
        [startX, startY ?? 0],
        [endX - side * 2, endY ?? 0],
      ];
      return { points, label, labelAt: [(startX + endX) / 2, ((startY ?? 0) + (endY ?? 0)) / 2], number, color };
    }
    const lane = bottom + 12 + (next("lane") + 1) * laneHeight;
    const [leave, arrive] = [source, target].map((box) => box.y + box.height - 14 - 8 * (used.get("lane") ?? 1));
    const [near, far] = [startX + side * 18, endX - side * 18];
    const points: [number, number][] = [
      [startX, leave ?? 0],
      [near, leave ?? 0],
      [near, lane],
      [far, lane],
      [far, arrive ?? 0],
      [endX - side * 2, arrive ?? 0],
    ];
    return { points, label, labelAt: [(near + far) / 2, lane], number, color };
  });
}

function renderBox({ title, lines, x, y, width, height }: Box): string {
  const text = lines.map(
    (line, index) =>
      `<text x="${x + boxPadding}" y="${y + 20 + lineHeight * (index + 1)}" fill="${faint}" font-size="11">${escapeText(line)}</text>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#f3f6f9" stroke="${ink}" stroke-width="1.2"/>`,
    `<text x="${x + boxPadding}" y="${y + 21}" fill="${ink}" font-size="14" font-weight="bold">${escapeText(title)}</text>`,
    ...text,
  ].join("\n");
}

function renderArrow({ points, label, labelAt: [x, y], number, color }: Arrow): string {
  const path = points.map(([px, py], index) => `${index === 0 ? "M" : "L"}${px} ${py}`).join(" ");
  const left = x - (textLength(label) + 22) / 2;
  const text = label.map(
    (line, index) =>
      `<text x="${left + 22}" y="${y - 6 - 13 * (label.length - 1 - index)}" fill="${ink}" font-size="11">${escapeText(line)}</text>`,
  );
  return [
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.8" marker-end="url(#${color.slice(1)})"/>`,
    `<circle cx="${left + 8}" cy="${y - 10}" r="8" fill="${color}"/>`,
    `<text x="${left + 8}" y="${y - 6}" fill="${paper}" font-size="11" text-anchor="middle">${number}</text>`,
    ...text,
  ].join("\n");
}

/** The SVG of a page that has steps. */
export function drawPicture(page: Page): string {
  const boxes = placeBoxes(page);
  const arrows = placeArrows(page, boxes);
  const corners = [...boxes.values()].map((box): [number, number] => [box.x + box.width, box.y + box.height]);
  const points = [...corners, ...arrows.flatMap((arrow) => arrow.points)];
  const width = Math.round(Math.max(...points.map(([x]) => x)) + margin);
  const height = Math.round(Math.max(...points.map(([, y]) => y)) + margin);
  const marker = (color: string) =>
    `<marker id="${color.slice(1)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${color}"/></marker>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>The way of a packet</title>
<defs>${marker(forwardColor)}${marker(backColor)}</defs>
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace">
${[...boxes.values()].map(renderBox).join("\n")}
${arrows.map(renderArrow).join("\n")}
</g>
</svg>
`;
}
