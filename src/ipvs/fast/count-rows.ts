/**
 * A shortcut for fromService and fromDestination: the counters or rates of a dump, and nothing else of it. The unusual (a
 * kernel without 64-bit statistics, a server with an IPv6 address) is left to them.
 */
import {
  type Count,
  type CountedServers,
  type CountedService,
  type CountKind,
  countNames,
} from "../../model/fast/counts.js";
import { Places, type Sought, type Words } from "../../netlink/codec/fast/places.js";
import { AF_INET } from "../../platform/address-family.js";
import { reply, type StatsAttributes } from "../wire/attributes.js";
import {
  AttributeRows,
  addressKeyAttributes,
  addressLength,
  bigEndian,
  bigEndianShort,
  markKeyAttributes,
  shortAt,
  soughtWithin,
  toAddressKey,
  toMarkKey,
} from "./attribute-rows.js";

/** The names that the counts have on the wire, in the order of countNames. */
const wireNames: Readonly<Record<CountKind, readonly (keyof StatsAttributes)[]>> = {
  counters: countNames,
  rates: ["connectionRate", "packetRateIn", "packetRateOut", "byteRateIn", "byteRateOut"],
};

function sought(within: "service" | "destination", names: Readonly<Record<string, number>>, kind: CountKind): Sought[] {
  return [
    ...soughtWithin(within, names),
    ...wireNames[kind].map((name) => ({ path: [within, "stats64", name], length: 8 })),
  ];
}

const countedServerAttributes = { family: 2, address: addressLength, port: 2 };
const serverPlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("destination", countedServerAttributes, "counters")),
  rates: new Places(reply, sought("destination", countedServerAttributes, "rates")),
};

/** The servers of a service. */
export class CountedServerRows extends AttributeRows {
  #keys: number[] = [];
  #counts: Count[] = [];

  constructor(private readonly kind: CountKind) {
    super();
  }

  get result(): CountedServers | undefined {
    return this.missed ? undefined : { keys: this.#keys, counts: this.#counts };
  }

  override restart(): void {
    super.restart();
    this.#keys = [];
    this.#counts = [];
  }

  protected takeAttributes(words: Words, start: number, length: number): boolean {
    const places = serverPlaces[this.kind].find(words, start, length);
    if (places === undefined || shortAt(words, start, places[0]) !== AF_INET) return false;
    const address = bigEndian(words[start + (places[1] as number)] as number);
    this.#keys.push(address * 0x10000 + bigEndianShort(words[start + (places[2] as number)] as number));
    pushCounts(this.#counts, words, start, places, 3);
    return true;
  }
}

const servicePlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("service", addressKeyAttributes, "counters")),
  rates: new Places(reply, sought("service", addressKeyAttributes, "rates")),
};
const markPlaces: Readonly<Record<CountKind, Places>> = {
  counters: new Places(reply, sought("service", markKeyAttributes, "counters")),
  rates: new Places(reply, sought("service", markKeyAttributes, "rates")),
};

/** Services of every kind. */
export class CountedServiceRows extends AttributeRows {
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

/** Appends the counts. Their places begin at index `first`. */
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
