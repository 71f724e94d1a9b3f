/** Draws who got what with each scheduler, from what a run printed in docs/cookbook/schedulers.md. Pure. */
import type { Page } from "./page.js";

/** One line of the run. Numbers are in the order of the servers. */
export interface SchedulerFigures {
  name: string;
  connections: number[];
  /** How many were open, on average. */
  open: number[];
  refused: number;
  /** How many of 100 clients, and of 100 virtual addresses, were always given the same server. */
  loyalClients: number;
  loyalAddresses: number;
}

const row = /^(\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/;

/** The figures of the run that the page only records: the long one. */
export function readSchedulerFigures(page: Page): SchedulerFigures[] {
  return page.parts.flatMap((part) =>
    part.kind === "command" && part.onlyRecorded
      ? part.expected.flatMap((line) => {
          const [, name, ...cells] = row.exec(line) ?? [];
          if (name === undefined) return [];
          const numbers = cells.map(Number);
          const [refused = 0, loyalClients = 0, loyalAddresses = 0] = numbers.slice(6);
          const [connections, open] = [numbers.slice(0, 3), numbers.slice(3, 6)];
          return [{ name, connections, open, refused, loyalClients, loyalAddresses }];
        })
      : [],
  );
}

const [rowHeight, barHeight, top, nameWidth, panelWidth, gap, margin] = [26, 18, 64, 104, 330, 44, 20];
const [ink, paper] = ["#1f2933", "#ffffff"];
const shades = ["#1c64b4", "#e08e1b", "#2b8a3e", "#b8bec6"];

/** Bars side by side in one line. A part that is wide enough shows its number. */
function renderBar(values: readonly number[], x: number, y: number, scale: number): string {
  let left = x;
  return values
    .map((value, index) => {
      const width = value * scale;
      const middle = (left + width / 2).toFixed(1);
      const rect = `<rect x="${left.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${barHeight}" fill="${shades[index] ?? ink}"/>`;
      left += width;
      const number = `<text x="${middle}" y="${y + 13}" fill="${index === 3 ? ink : paper}" font-size="11" text-anchor="middle">${value}</text>`;
      return width > 20 ? `${rect}${number}` : rect;
    })
    .join("\n");
}

/** The SVG. */
export function drawSchedulerPlot(figures: readonly SchedulerFigures[]): string {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const [first, second] = [margin + nameWidth, margin + nameWidth + panelWidth + gap];
  const most = Math.max(1, ...figures.map(({ open }) => total(open)));
  const width = second + panelWidth + margin;
  const height = top + figures.length * rowHeight + margin;
  const rows = figures.map(({ name, connections, open, refused }, index) => {
    const y = top + index * rowHeight;
    const dealt = [...connections, refused];
    return [
      `<text x="${margin}" y="${y + 13}" fill="${ink}" font-size="12">${name}</text>`,
      renderBar(dealt, first, y, panelWidth / Math.max(1, total(dealt))),
      renderBar(open, second, y, panelWidth / most),
    ].join("\n");
  });
  const legend = ["web1", "web2", "web3", "refused"].map(
    (label, index) =>
      `<rect x="${first + index * 84}" y="14" width="11" height="11" fill="${shades[index]}"/><text x="${first + 16 + index * 84}" y="24" fill="${ink}" font-size="12">${label}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>Who got what with each scheduler</title>
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace">
${legend.join("\n")}
<text x="${first}" y="${top - 12}" fill="${ink}" font-size="13" font-weight="bold">connections</text>
<text x="${second}" y="${top - 12}" fill="${ink}" font-size="13" font-weight="bold">open at a time, on average</text>
${rows.join("\n")}
</g>
</svg>
`;
}
