/** A page of the cookbook: its hosts, commands, files and steps, with the lines where they stand. Pure. */

/** A host on one network. Its interface there has the network's name. */
export interface Interface {
  network: string;
  addresses: string[];
}

export interface Host {
  name: string;
  interfaces: Interface[];
  gateways: string[];
  /** What `answer` serves there, such as `http 80`. */
  serves: string[];
}

export interface Command {
  kind: "command";
  host: string;
  text: string;
  /** The number of its line in the page, from 1. */
  line: number;
  /** The lines that it prints, as the page has them, and the number of the first. */
  expected: string[];
  expectedLine: number;
  /** It is repeated until it prints what it should. */
  eventually: boolean;
  /** It takes long: it runs only when the page is recorded. */
  onlyRecorded: boolean;
}

export interface PageFile {
  kind: "file";
  host: string;
  path: string;
  text: string;
  line: number;
}

/** One hop of a packet, for the picture. */
export interface Step {
  from: string;
  to: string;
  label: string[];
}

export interface Page {
  name: string;
  hosts: Host[];
  parts: (Command | PageFile)[];
  steps: Step[];
}

export class PageError extends Error {
  constructor(page: string, line: number, problem: string) {
    super(`${page}:${line}: ${problem}`);
  }
}

interface Row {
  line: number;
  cells: Map<string, string>;
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\s*\|/, "")
    .replace(/\|\s*$/, "")
    .split("|")
    .map((cell) => cell.replaceAll("`", "").trim());
}

/** The rows of the table whose header begins with these words. */
function readTable(lines: string[], header: string[]): Row[] {
  const start = lines.findIndex((line) => {
    const cells = line.startsWith("|") ? cellsOf(line) : [];
    return header.every((name, index) => cells[index] === name);
  });
  if (start < 0) return [];
  const names = cellsOf(lines[start] ?? "");
  const rows: Row[] = [];
  for (let index = start + 2; lines[index]?.startsWith("|"); index++) {
    const cells = cellsOf(lines[index] ?? "");
    rows.push({ line: index + 1, cells: new Map(names.map((name, column) => [name, cells[column] ?? ""])) });
  }
  return rows;
}

function listOf(cell: string | undefined): string[] {
  return (cell ?? "").split(/,\s*|<br>/).filter((item) => item !== "" && item !== "-");
}

const served = /^(http|tcp|sctp|udp) (\S+)$/;

function readHosts(name: string, lines: string[]): Host[] {
  const hosts = new Map<string, Host>();
  for (const { line, cells } of readTable(lines, ["Host", "Network", "Address"])) {
    const hostName = cells.get("Host") ?? "";
    const network = cells.get("Network") ?? "";
    if (!/^[a-z][a-z0-9-]*$/.test(hostName)) throw new PageError(name, line, `'${hostName}' is not a name of a host`);
    if (!/^[a-z][a-z0-9-]{0,14}$/.test(network)) {
      throw new PageError(name, line, `'${network}' is not a name of an interface`);
    }
    const serves = listOf(cells.get("Serves"));
    const unknown = serves.find((service) => !served.test(service));
    if (unknown !== undefined) {
      throw new PageError(name, line, `'${unknown}' cannot be served; try 'http 80', 'tcp', 'udp' or 'sctp'`);
    }
    const host = hosts.get(hostName) ?? { name: hostName, interfaces: [], gateways: [], serves: [] };
    host.interfaces.push({ network, addresses: listOf(cells.get("Address")) });
    host.gateways.push(...listOf(cells.get("Gateway")));
    host.serves.push(...serves);
    hosts.set(hostName, host);
  }
  return [...hosts.values()];
}

function readSteps(lines: string[]): Step[] {
  return readTable(lines, ["Step", "From", "To"]).map(({ cells }) => ({
    from: cells.get("From") ?? "",
    to: cells.get("To") ?? "",
    label: (cells.get("Packet") ?? "").split("<br>").filter((line) => line !== ""),
  }));
}

const prompt = /^([a-z][a-z0-9-]*)[#$] (.*)$/;

/** The commands of a block: each begins at a prompt, and what follows up to the next one is what it prints. */
function readCommands(name: string, hosts: Host[], lines: string[], first: number, info: string): Command[] {
  const commands: Command[] = [];
  const [eventually, onlyRecorded] = [info === "console eventually", info === "console recorded"];
  for (let index = 0; index < lines.length; ) {
    const line = first + index;
    const [, host, begin] = prompt.exec(lines[index] ?? "") ?? [];
    if (host === undefined || begin === undefined) {
      throw new PageError(name, line, "a block of commands begins with a prompt, such as 'director# '");
    }
    if (!hosts.some((known) => known.name === host)) {
      throw new PageError(name, line, `the table of hosts has no '${host}'`);
    }
    let text = begin;
    index++;
    while (text.endsWith("\\") && index < lines.length) text += `\n${lines[index++]}`;
    const expected: string[] = [];
    const expectedLine = first + index;
    while (index < lines.length && !prompt.test(lines[index] ?? "")) expected.push(lines[index++] ?? "");
    commands.push({ kind: "command", host, text, line, expected, expectedLine, eventually, onlyRecorded });
  }
  return commands;
}

/** The host and the path of a block that is a file, such as `ini director:/etc/ha.d/ldirectord.cf`. */
const fileInfo = /^\S+ ([a-z][a-z0-9-]*):(\/\S+)$/;

/** The paragraph that ends before a line; empty where something else stands there. */
function paragraphBefore(lines: readonly string[], end: number): string {
  let start = end - 1;
  while (start > 0 && lines[start - 1]?.trim()) start--;
  const paragraph = lines.slice(start, end - 1).join("\n");
  return paragraph.endsWith("```") ? "" : paragraph;
}

/**
 * Parses a page.
 * @throws {PageError} where it breaks the rules that test/README.md describes
 */
export function parsePage(name: string, text: string): Page {
  const lines = text.split("\n");
  const hosts = readHosts(name, lines);
  const parts: (Command | PageFile)[] = [];
  for (let index = 0; index < lines.length; index++) {
    const info = /^```(.+)$/.exec(lines[index] ?? "")?.[1]?.trim();
    if (info === undefined) continue;
    const first = index + 1;
    const end = lines.indexOf("```", first);
    if (end < 0) throw new PageError(name, index + 1, "this block does not end");
    const content = lines.slice(first, end);
    const [, host, path] = fileInfo.exec(info) ?? [];
    if (host !== undefined && path !== undefined) {
      if (!hosts.some((known) => known.name === host)) {
        throw new PageError(name, index + 1, `the table of hosts has no '${host}'`);
      }
      const before = lines.slice(Math.max(0, index - 6), index).join("\n");
      if (!before.includes(`\`${path}\``)) {
        throw new PageError(name, index + 1, `the text before this block does not name \`${path}\``);
      }
      parts.push({ kind: "file", host, path, text: `${content.join("\n")}\n`, line: index + 1 });
    } else if (/^console( eventually| recorded)?$/.test(info)) {
      if (info === "console eventually" && !/second|moment/.test(paragraphBefore(lines, index))) {
        throw new PageError(name, index + 1, "the text before this block does not say that it takes a moment");
      }
      parts.push(...readCommands(name, hosts, content, first + 1, info));
    }
    index = end;
  }
  if (hosts.length === 0 && parts.length > 0) throw new PageError(name, 1, "there is no table of hosts");
  return { name, hosts, parts, steps: readSteps(lines) };
}
