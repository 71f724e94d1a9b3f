/**
 * A shortcut for fromService and fromDestination: the counters or rates of a dump, without all else that is in it. What is
 * not like most (a kernel without 64-bit statistics, a server with an IPv6 address) is left to them.
 */
import type { Count, CountedServers, CountedService, CountKind } from "../../model/fast/counts.js";
import { countNames } from "../../model/fast/counts.js";
import type { Protocol, ServiceKey } from "../../model/table.js";
import { Places, type Sought, type Words } from "../../netlink/codec/fast/places.js";
import type { Rows } from "../../netlink/codec/fast/rows.js";
import { AF_INET, AF_INET6 } from "../../platform/address-family.js";
import { protocol, reply, type StatsAttributes } from "../wire/attributes.js";
import { fromAddress } from "../wire/convert-address.js";

/** The names that the counts have on the wire, in the order of countNames. */
const wireNames: Readonly<Record<CountKind, readonly (keyof StatsAttributes)[]>> = {
  counters: countNames,
  rates: ["connectionRate", "packetRateIn", "packetRateOut", "byteRateIn", "byteRateOut"],
};

const addressLength = 16;

function sought(within: "service" | "destination", names: Readonly<Record<string, number>>, kind: CountKind): Sought[] {
  return [
    ...Object.entries(names).map(([name, length]) => ({ path: [within, name], length })),
    ...wireNames[kind].map((name) => ({ path: [within, "stats64", name], length: 8 })),
  ];
}

/** Bytes of the header that generic netlink puts before the attributes. */
const genericHeader = 4;

abstract class CountRows implements Rows {
  protected missed = false;

  take(words: Words, start: number, length: number): void {
    if (!this.missed && !this.takeAttributes(words, start + genericHeader / 4, length - genericHeader)) this.miss();
  }

  miss(): void {
    this.missed = true;
  }

  restart(): void {
    this.missed = false;
  }

  /** Returns whether it can. */
  protected abstract takeAttributes(words: Words, start: number, length: number): boolean;
}

const countedServerAttributes = { family: 2, address: addressLength, port: 2 };
const serverPlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("destination", countedServerAttributes, "counters")),
  rates: new Places(reply, sought("destination", countedServerAttributes, "rates")),
};

/** The servers of a service. */
export class CountedServerRows extends CountRows {
  #addresses: number[] = [];
  #ports: number[] = [];
  #counts: Count[] = [];

  constructor(private readonly kind: CountKind) {
    super();
  }

  get result(): CountedServers | undefined {
    return this.missed ? undefined : { addresses: this.#addresses, ports: this.#ports, counts: this.#counts };
  }

  override restart(): void {
    super.restart();
    this.#addresses = [];
    this.#ports = [];
    this.#counts = [];
  }

  protected takeAttributes(words: Words, start: number, length: number): boolean {
    const places = serverPlaces[this.kind].find(words, start, length);
    if (places === undefined || shortAt(words, start, places[0]) !== AF_INET) return false;
    this.#addresses.push(bigEndian(words[start + (places[1] as number)] as number));
    this.#ports.push(bigEndianShort(words[start + (places[2] as number)] as number));
    pushCounts(this.#counts, words, start, places, 3);
    return true;
  }
}

const countedServiceAttributes = { family: 2, protocol: 2, address: addressLength, port: 2 };
const servicePlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("service", countedServiceAttributes, "counters")),
  rates: new Places(reply, sought("service", countedServiceAttributes, "rates")),
};
const markPlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("service", { family: 2, fwmark: 4 }, "counters")),
  rates: new Places(reply, sought("service", { family: 2, fwmark: 4 }, "rates")),
};

/** Services of every kind. */
export class CountedServiceRows extends CountRows {
  #services: CountedService[] = [];

  constructor(private readonly kind: CountKind) {
    super();
  }

  get result(): CountedService[] | undefined {
    return this.missed ? undefined : this.#services;
  }

  override restart(): void {
    super.restart();
    this.#services = [];
  }

  protected takeAttributes(words: Words, start: number, length: number): boolean {
    const counts: Count[] = [];
    const places = servicePlaces[this.kind].find(words, start, length);
    const atMark = places === undefined ? markPlaces[this.kind].find(words, start, length) : undefined;
    const service = places ? toAddressKey(words, start, places) : atMark && toMarkKey(words, start, atMark);
    if (service === undefined) return false;
    if (places) pushCounts(counts, words, start, places, 4);
    else if (atMark) pushCounts(counts, words, start, atMark, 2);
    this.#services.push({ service, counts });
    return true;
  }
}

function toMarkKey(words: Words, start: number, places: readonly number[]): ServiceKey | undefined {
  const family = familyAt(words, start, places[0]);
  const fwmark = words[start + (places[1] as number)];
  return family && fwmark ? { family, fwmark } : undefined;
}

function toAddressKey(words: Words, start: number, places: readonly number[]): ServiceKey | undefined {
  const family = familyAt(words, start, places[0]);
  const named: Protocol | undefined = protocol.nameOf(shortAt(words, start, places[1]));
  if (family === undefined || named === undefined) return undefined;
  const address = start + (places[2] as number);
  const port = bigEndianShort(words[start + (places[3] as number)] as number);
  const bytes = new Uint8Array(words.buffer, words.byteOffset + 4 * address, addressLength);
  return { family, protocol: named, address: fromAddress(family, bytes), port };
}

function familyAt(words: Words, start: number, place: number | undefined): "inet" | "inet6" | undefined {
  const number = shortAt(words, start, place);
  return number === AF_INET ? "inet" : number === AF_INET6 ? "inet6" : undefined;
}

function shortAt(words: Words, start: number, place = 0): number {
  return (words[start + place] as number) & 0xffff;
}

function bigEndianShort(word: number): number {
  return ((word & 0xff) << 8) | ((word >>> 8) & 0xff);
}

function bigEndian(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Appends the counts, whose places are those from `first` on. */
function pushCounts(counts: Count[], words: Words, start: number, places: readonly number[], first: number): void {
  let end = counts.length;
  for (let index = first, last = first + countNames.length; index < last; index++) {
    const place = start + (places[index] as number);
    const high = words[place + 1] as number;
    counts[end++] = high === 0 ? (words[place] as number) : toCount(high, words[place] as number);
  }
}

function toCount(high: number, low: number): Count {
  return high < 2 ** 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low);
}
