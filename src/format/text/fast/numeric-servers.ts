import { largestInteger } from "../../../model/limits.js";
import { forwardingWords, type ServerRows, serverWords } from "../../../proc/proc-table.js";
import { forwardingOptions, nameWidth, plainColumns, serverArrow } from "../views.js";

/*
 * The fast path of listing.ts (plain views, numeric) and rule-lines.ts (numeric). Servers come by the ten thousand. What
 * `ipvsadm -Ln` and `-Sn` show of one is in its row of /proc/net/ip_vs, in the same words, so that a row becomes a line
 * by a few operations on whole strings. It relies on one coincidence, which it checks: the columns of a plain listing are
 * those of an aligned row. Rows that are not aligned are left to the general path.
 */

/** Whether the columns of a plain listing are those of aligned rows. */
const sharesColumns =
  plainColumns.length === serverWords.length &&
  plainColumns.every(({ field, width }, index) => {
    const word = serverWords[index];
    return field === word?.field && width === word?.width;
  });

/** In `  -> 0A000001:0050      Masq    1      0          0         `, as every aligned row is. */
const endpointStart = serverArrow.length;
const endpointEnd = endpointStart + "0A000001:0050".length;
const columnsStart = endpointEnd + 5;
const forwardStart = columnsStart + 1;
const weightStart = forwardStart + 8;

/** Texts that are remembered at a time. */
const mostTexts = 4096;

/** What is made of the endpoints in rows: servers have a row in each of their services. */
class EndpointTexts {
  readonly #texts = new Map<string, string>();

  constructor(private readonly render: (endpoint: string) => string) {}

  of(row: string): string {
    const hex = row.slice(endpointStart, endpointEnd);
    let text = this.#texts.get(hex);
    if (text === undefined) {
      if (this.#texts.size === mostTexts) this.#texts.clear();
      text = this.render(renderHexEndpoint(hex));
      this.#texts.set(hex, text);
    }
    return text;
  }
}

/** `0A000001:0050` as `10.0.0.1:80`. */
function renderHexEndpoint(hex: string): string {
  const address = addressOf(hex);
  const port = Number.parseInt(hex.slice(9), 16);
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}:${port}`;
}

function addressOf(endpoint: string): number {
  return Number.parseInt(endpoint.slice(0, 8), 16);
}

const listedNames = () => new EndpointTexts((endpoint) => serverArrow + endpoint.padEnd(nameWidth));

/** By the first letter of the word that rows have for the forwarding method. */
const forwardingOptionOf: ReadonlyMap<string, string> = new Map(
  Object.entries(forwardingWords).map(([word, method]) => [word.charAt(0), forwardingOptions[method]]),
);

/** Turns the rows of a service's servers into lines. Undefined where a row is not like most. */
export class NumericServers {
  readonly #names = listedNames();
  readonly #endpoints = new EndpointTexts((endpoint) => endpoint);

  /** Lines of a plain listing. */
  renderListing(servers: ServerRows, sorted: boolean): string[] | undefined {
    const rows = sharesColumns ? orderedRows(servers, sorted) : undefined;
    return rows && renderRows(rows, this.#names, (row, name) => name + row.slice(columnsStart));
  }

  /** Rules that add the servers to the service that `key` names, sorted. */
  renderRules(servers: ServerRows, key: string): string[] | undefined {
    const start = `-a ${key} -r `;
    const rows = orderedRows(servers, true);
    return (
      rows &&
      renderRows(rows, this.#endpoints, (row, endpoint) => {
        const weight = row.slice(weightStart, row.indexOf(" ", weightStart));
        return `${start}${endpoint} ${forwardingOptionOf.get(row.charAt(forwardStart))} -w ${weight}`;
      })
    );
  }
}

/** Replaces rows with lines. Undefined where two are of the same server: their texts do not give the order. */
function renderRows(
  rows: string[],
  texts: EndpointTexts,
  render: (row: string, endpoint: string) => string,
): string[] | undefined {
  let before = "";
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as string;
    const endpoint = texts.of(row);
    if (endpoint === before) return undefined;
    rows[index] = render(row, endpoint);
    before = endpoint;
  }
  return rows;
}

/** The rows, sorted like every listing if wanted; undefined where they are not aligned, or where the order of texts is another. */
function orderedRows({ text, start, end, aligned }: ServerRows, sorted: boolean): string[] | undefined {
  if (!aligned) return undefined;
  if (start === end) return [];
  const rows = text.slice(start, end - 1).split("\n");
  if (!sorted || rows.length === 1) return rows;
  rows.sort();
  // ipvsadm compares by signed 32-bit differences: addresses must be so close together that these have their true sign.
  const distance = addressOf(rows.at(-1)?.slice(endpointStart) ?? "") - addressOf(rows[0]?.slice(endpointStart) ?? "");
  return distance > largestInteger ? undefined : rows;
}
