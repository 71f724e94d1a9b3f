import { parseAddress } from "../ipvs/address.js";
import { type DestinationKey, isMarkService, type Protocol, type ServiceKey } from "../ipvs/model.js";

const protocols: readonly Protocol[] = ["tcp", "udp", "sctp"];

const known = new WeakMap<ServiceKey, string>();

/** Text that compares as services are listed: by mark, family, protocol, address and port. Remembered for each key. */
export function serviceSortKey(key: ServiceKey): string {
  const text = known.get(key);
  if (text !== undefined) return text;
  const family = key.family === "inet" ? 0 : 1;
  const made = isMarkService(key)
    ? toSortable(key.fwmark, family)
    : toSortable(0, family, protocols.indexOf(key.protocol)) + destinationSortKey(key);
  known.set(key, made);
  return made;
}

/** Text that compares as servers are listed: by address and port. */
export function destinationSortKey({ family, address, port }: DestinationKey): string {
  return (
    toSortable(family === "inet" ? 0 : 1) +
    Buffer.from(parseAddress(family, address)).toString("hex") +
    toSortable(port)
  );
}

export function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

function toSortable(...numbers: readonly number[]): string {
  return numbers.map((number) => number.toString(16).padStart(8, "0")).join("");
}
