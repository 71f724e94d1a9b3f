import type { RowRates } from "./rates.js";
import type { Row } from "./rows.js";
import { renderBars, renderHumanNumber } from "./units.js";

/** How much a terminal can show. */
export interface Abilities {
  /** Characters beyond ASCII. */
  readonly unicode: boolean;
}

export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: "left" | "right";
  /** Columns with small numbers stay when the window is narrow. */
  readonly rank: number;
  value(row: Row, width: number, abilities: Abilities): string;
}

const methods: Readonly<Record<string, string>> = { masq: "Masq", route: "Route", tunnel: "Tunnel", local: "Local" };

const bars: Column = {
  title: "Conn/s",
  width: 8,
  align: "left",
  rank: 7,
  value: (row, width, { unicode }) => renderBars(row.trend?.history ?? [], width, unicode ? "unicode" : "ascii"),
};

/** From left to right. The first takes the room that the others leave; the last, of the bars, some of it. */
const columns: readonly Column[] = [
  { title: "Service / server", width: 24, align: "left", rank: 0, value: nameOf },
  {
    title: "Forward",
    width: 7,
    align: "left",
    rank: 10,
    value: ({ isServer, method }) => (isServer ? (methods[method] ?? "") : method),
  },
  { title: "Weight", width: 6, align: "right", rank: 1, value: ({ weight }) => weight?.toString() ?? "" },
  { title: "Active", width: 6, align: "right", rank: 2, value: (row) => row.activeConnections.toString() },
  { title: "Inact", width: 6, align: "right", rank: 5, value: (row) => row.inactiveConnections.toString() },
  { title: "Conn/s", width: 6, align: "right", rank: 3, value: rate("connections") },
  { title: "Pkt/s in", width: 8, align: "right", rank: 6, value: rate("packetsIn") },
  { title: "out", width: 5, align: "right", rank: 9, value: rate("packetsOut") },
  { title: "Byte/s in", width: 9, align: "right", rank: 4, value: rate("bytesIn") },
  { title: "out", width: 5, align: "right", rank: 8, value: rate("bytesOut") },
  bars,
];

function rate(name: keyof RowRates): Column["value"] {
  return ({ trend }) => (trend === undefined ? "-" : renderHumanNumber(trend.rates[name]));
}

/** Two columns of marks come first, so that nothing is shown by color alone. */
function nameOf({ change, state, isServer, name }: Row): string {
  const changeMark = change === undefined ? " " : change === "added" ? "+" : "*";
  const stateMark = state === undefined ? " " : state === "drained" ? "0" : "!";
  return `${changeMark}${stateMark}${isServer ? " -> " : ""}${name}`;
}

/** The columns that fit, with their widths, one blank between two. The first is as wide as `longestName` if there is room. */
export function fitColumns(width: number, longestName: number, withBars: boolean): Column[] {
  const chosen = new Set<Column>();
  let rest = width + 1;
  for (const column of columns.filter((column) => withBars || column !== bars).toSorted((a, b) => a.rank - b.rank)) {
    if (column.width + 1 > rest) break;
    chosen.add(column);
    rest -= column.width + 1;
  }
  return columns
    .filter((column) => chosen.has(column))
    .map((column, index, all) => {
      if (index === 0) {
        const more = Math.min(rest, Math.max(0, longestName - column.width));
        rest -= more;
        return { ...column, width: column.width + more };
      }
      if (column !== bars || index !== all.length - 1) return column;
      return { ...column, width: column.width + Math.min(rest, 32) };
    });
}
