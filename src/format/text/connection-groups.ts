import { familyOf } from "../../model/identity.js";
import { longestPrefix } from "../../model/limits.js";
import type { ConnectionGroup, GroupKey, GroupValues } from "../../model/selection/connection-group.js";
import { escapeWord, renderEnd } from "./connection-table.js";
import type { Names } from "./shown-names.js";

/** The addresses that lines of groups show. */
export function* groupAddresses(groups: Iterable<ConnectionGroup>): Generator<string> {
  for (const { values } of groups) {
    const { client, virtual, server, service } = values;
    if (client !== undefined && isOne(client)) yield client.address;
    for (const end of [virtual, server, service]) if (end !== undefined && "address" in end) yield end.address;
  }
}

/** The lines of groups, byte strings without newlines: a title, then the number and the keys of each group. */
export function* renderGroups(
  groups: readonly ConnectionGroup[],
  keys: readonly GroupKey[],
  names: Names,
): Generator<string> {
  const titles = keys.map(({ name, prefixLength }) => (prefixLength === undefined ? name : `${name}/${prefixLength}`));
  const rows = groups.map(({ values, count }) => ({
    count: String(count),
    texts: keys.map(({ name }) => renderGroupValue(values, name, names)),
  }));
  const countWidth = rows.reduce((width, { count }) => Math.max(width, count.length), "count".length);
  const widths = titles.map((title, index) =>
    rows.reduce((width, { texts }) => Math.max(width, texts[index]?.length ?? 0), title.length),
  );
  const line = (count: string, texts: readonly string[]) =>
    `${count.padStart(countWidth)} ${texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join(" ")}`.trimEnd();
  yield line("count", titles);
  for (const { count, texts } of rows) yield line(count, texts);
}

function renderGroupValue(values: GroupValues, name: GroupKey["name"], names: Names): string {
  const { client, virtual, server, service, state, protocol, origin } = values;
  switch (name) {
    case "client":
      return client === undefined ? "" : renderNetwork(client, names);
    case "virtual":
      return virtual === undefined ? "" : renderEnd(virtual, "", names);
    case "server":
      return server === undefined ? "" : renderEnd(server, "", names);
    case "service":
      if (service === undefined) return "";
      return "fwmark" in service
        ? renderEnd(service, "", names)
        : `${escapeWord(service.protocol)} ${renderEnd(service, service.protocol, names)}`;
    case "state":
      return escapeWord(state ?? "");
    case "protocol":
      return escapeWord(protocol ?? "");
    case "origin":
      return origin ?? "-";
  }
}

type ShownNetwork = NonNullable<GroupValues["client"]>;

function renderNetwork(network: ShownNetwork, names: Names): string {
  const { address, prefixLength } = network;
  return isOne(network) ? (names.host(address) ?? address) : `${address}/${prefixLength}`;
}

function isOne({ address, prefixLength }: ShownNetwork): boolean {
  return prefixLength === longestPrefix[familyOf(address)];
}
