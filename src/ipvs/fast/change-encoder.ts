import type { Change, DestinationChange, ServiceChange } from "../../model/change.js";
import { isMarkService, type Service, type ServiceKey } from "../../model/table.js";
import { encodeChange, encodeServiceReference } from "../encode-change.js";
import { DestinationTemplate, ServiceTemplate } from "./templates.js";

/**
 * Turns changes into the payloads of messages, as encodeChange does, in a fraction of its time where services and servers are
 * added that resemble the last: a template of that is filled in.
 */
export class ChangeEncoder {
  /** The service that was added last in full. */
  #added: Service | undefined;
  #addition: ServiceTemplate | undefined;
  /** The service of the last server. */
  #service: ServiceKey | undefined;
  /** What stands before the server in its messages. */
  #beginning: Uint8Array = new Uint8Array();
  #reference: ServiceTemplate | undefined;
  #destination: DestinationTemplate | undefined;

  /** Throws a RangeError for a value that cannot be sent. */
  encode(change: Change): Uint8Array {
    if (change.command === "add-service") return this.#encodeService(change);
    if (change.command === "add-destination") return this.#encodeServer(change);
    return encodeChange(change);
  }

  #encodeService(change: ServiceChange): Uint8Array {
    const { service } = change;
    if (this.#added !== undefined && haveSameSettings(service, this.#added) && this.#addition?.fits(service)) {
      return this.#addition.fill(service);
    }
    const payload = encodeChange(change);
    if (!isMarkService(service)) {
      this.#added = service;
      this.#addition = new ServiceTemplate(service, payload);
    }
    return payload;
  }

  #encodeServer(change: DestinationChange): Uint8Array {
    const { service, destination } = change;
    if (service !== this.#service) {
      this.#beginning = this.#encodeReference(service);
      this.#service = service;
    }
    if (this.#destination?.fits(destination)) return this.#destination.fill(this.#beginning, destination);
    const payload = encodeChange(change);
    this.#destination = new DestinationTemplate(destination, payload, this.#beginning.length);
    return payload;
  }

  #encodeReference(service: ServiceKey): Uint8Array {
    if (this.#reference?.fits(service)) return this.#reference.fill(service);
    const payload = encodeServiceReference("add-destination", service);
    if (!isMarkService(service)) this.#reference = new ServiceTemplate(service, payload);
    return payload;
  }
}

/** Only the same list counts as the same flags. */
function haveSameSettings(one: Service, other: Service): boolean {
  return (
    one.scheduler === other.scheduler &&
    one.schedulerFlags === other.schedulerFlags &&
    one.onePacket === other.onePacket &&
    one.persistent === other.persistent &&
    one.timeout === other.timeout &&
    one.netmask === other.netmask &&
    one.engine === other.engine
  );
}
