/**
 * A shortcut for fromServiceSettings: services often have the same settings, so those of the last one are used again where
 * the next one has the same bytes.
 */
import type { Service } from "../../model/table.js";
import { NLA_HEADER_LENGTH } from "../../netlink/codec/attribute-set.js";
import { Places, type Words } from "../../netlink/codec/fast/places.js";
import { NetlinkError } from "../../netlink/codec/netlink-error.js";
import { settingsReply } from "../wire/attributes.js";
import { fromServiceSettings } from "../wire/convert-service.js";
import {
  AttributeRows,
  addressKeyAttributes,
  markKeyAttributes,
  soughtWithin,
  toAddressKey,
  toMarkKey,
} from "./attribute-rows.js";

/** The kernel sends all settings between these two, and the key before them. */
const [firstSetting, lastSetting] = [{ path: ["service", "scheduler"] }, { path: ["service", "netmask"], length: 4 }];
const addressSettings = new Places(settingsReply, [
  ...soughtWithin("service", addressKeyAttributes),
  firstSetting,
  lastSetting,
]);
const markSettings = new Places(settingsReply, [
  ...soughtWithin("service", markKeyAttributes),
  firstSetting,
  lastSetting,
]);

/** The services of a dump, without their statistics. */
export class SettingRows extends AttributeRows {
  #services: Service[] = [];
  /** The last service that was decoded, its message, and where things stand in it and in the next one. */
  #decoded: Service | undefined;
  #words: Words = new Uint32Array();
  #places: readonly number[] = [];

  get result(): Service[] | undefined {
    return this.missed ? undefined : this.#services;
  }

  override restart(): void {
    super.restart();
    this.#services = [];
  }

  protected takeAttributes(words: Words, start: number, length: number): boolean {
    const atAddress = addressSettings.find(words, start, length);
    const places = atAddress ?? markSettings.find(words, start, length);
    if (places === undefined) return false;
    const key = atAddress ? toAddressKey(words, start, places) : toMarkKey(words, start, places);
    if (key === undefined) return false;
    if (!this.#hasSameSettings(places, words, start)) {
      this.#decoded = decode(words, start, length);
      this.#words = words.slice(start, start + (length >> 2));
      this.#places = places;
    }
    if (this.#decoded === undefined) return false;
    this.#services.push({ ...this.#decoded, ...key });
    return true;
  }

  #hasSameSettings(places: readonly number[], words: Words, start: number): boolean {
    // The places of one layout are one array.
    if (places !== this.#places) return false;
    const before = this.#words;
    const count = places.length;
    const end = places[count - 1] as number;
    for (let place = (places[count - 2] as number) - NLA_HEADER_LENGTH / 4; place <= end; place++) {
      if (words[start + place] !== before[place]) return false;
    }
    return true;
  }
}

/** By the general path; undefined where something is malformed, so that the whole dump takes that path and reports it. */
function decode(words: Words, start: number, length: number): Service | undefined {
  const view = new DataView(words.buffer, words.byteOffset + 4 * start, length);
  try {
    return fromServiceSettings(settingsReply.read(view, 0, length).service);
  } catch (error) {
    if (error instanceof NetlinkError) return undefined;
    throw error;
  }
}
