/*
 * Payloads as templates for others of their kind: in a copy, what differs is written over. Restores are made of messages that
 * differ in little, and attribute by attribute each takes several times as long.
 */

import { writeAddress } from "../../model/address.js";
import { type AddressServiceKey, type Destination, isMarkService, type ServiceKey } from "../../model/table.js";
import { i32, u16be, u32 } from "../../netlink/codec/coders.js";
import { decodeGeneric, joinPayload } from "../../netlink/codec/generic.js";
import { makePlaces } from "../attributes.js";
import { forwardingMethods, required } from "../convert.js";

const NOTHING = new Uint8Array();

let places: ReturnType<typeof makePlaces> | undefined;

function locate({ buffer, byteOffset, length }: Uint8Array) {
  places ??= makePlaces();
  return decodeGeneric(places, { payload: new DataView(buffer, byteOffset, length) });
}

/** A payload with a service, for services that differ in address and port. */
export class ServiceTemplate {
  readonly #address: number;
  readonly #port: number;

  constructor(
    private readonly service: AddressServiceKey,
    private readonly payload: Uint8Array,
  ) {
    const { address, port } = required(locate(payload).service, "service");
    this.#address = required(address, "service address");
    this.#port = required(port, "service port");
  }

  /** Whether no other part of the key differs. */
  fits(service: ServiceKey): service is AddressServiceKey {
    const { family, protocol } = this.service;
    return service.family === family && !isMarkService(service) && service.protocol === protocol;
  }

  /** The payload for a service that fits. Throws a RangeError for a faulty address. */
  fill({ family, address, port }: AddressServiceKey): Uint8Array {
    const { view, bytes, start, end } = joinPayload(this.payload, NOTHING);
    writeAddress(family, address, bytes, start + this.#address);
    u16be.write(view, start + this.#port, port);
    return bytes.subarray(start, end);
  }
}

/** The end of a payload, which is a destination, for destinations that differ in address, port, forwarding and weight. */
export class DestinationTemplate {
  readonly #ending: Uint8Array;
  readonly #address: number;
  readonly #port: number;
  readonly #forward: number;
  readonly #weight: number;

  /** `beginning` is the number of bytes before the destination. */
  constructor(
    private readonly destination: Destination,
    payload: Uint8Array,
    beginning: number,
  ) {
    const { address, port, forward, weight } = required(locate(payload).destination, "destination");
    this.#ending = payload.subarray(beginning);
    this.#address = required(address, "destination address") - beginning;
    this.#port = required(port, "destination port") - beginning;
    this.#forward = required(forward, "forwarding method") - beginning;
    this.#weight = required(weight, "weight") - beginning;
  }

  /** Whether nothing else differs. Only the same object counts as the same tunnel, which takes no time to find out. */
  fits({ family, tunnel, upperThreshold, lowerThreshold }: Destination): boolean {
    return (
      family === this.destination.family &&
      tunnel === this.destination.tunnel &&
      upperThreshold === this.destination.upperThreshold &&
      lowerThreshold === this.destination.lowerThreshold
    );
  }

  /** The beginning of a payload with a destination that fits behind it. Throws a RangeError for a faulty address. */
  fill(beginning: Uint8Array, { family, address, port, forward, weight }: Destination): Uint8Array {
    const { view, bytes, start, end } = joinPayload(beginning, this.#ending);
    const ending = start + beginning.length;
    writeAddress(family, address, bytes, ending + this.#address);
    u16be.write(view, ending + this.#port, port);
    u32.write(view, ending + this.#forward, forwardingMethods.toNumber(forward));
    i32.write(view, ending + this.#weight, weight);
    return bytes.subarray(start, end);
  }
}
