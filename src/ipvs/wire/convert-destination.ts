import { defaultDestinationSettings, defaultTunnel } from "../../model/defaults.js";
import type { Destination, DestinationEntry, DestinationKey, DestinationLoad, Family } from "../../model/table.js";
import { expectAttribute } from "../../netlink/codec/attribute-set.js";
import type { DestinationAttributes, DestinationLoadAttributes, SentDestination } from "./attributes.js";
import { checkFamily, fromAddress } from "./convert-address.js";
import { fromStats } from "./convert-stats.js";

/** The attributes have the model's names and values. Throws a RangeError for an address of another family. */
export function toDestination(destination: Destination): SentDestination {
  checkFamily(destination);
  return destination;
}

/** A destination as ipvsadm names it in a deletion: the kernel reads its key only, but gets ipvsadm's defaults, too. */
export function toDestinationReference(key: DestinationKey): SentDestination {
  return toDestination({ ...key, ...defaultDestinationSettings });
}

export function fromDestination(
  attributes: DestinationAttributes | undefined,
  serviceFamily: Family,
): DestinationEntry {
  const destination = expectAttribute(attributes, "destination");
  // The spread of an object of this size is slow: see completeDestination.
  return Object.assign(
    fromDestinationLoad(destination, serviceFamily),
    { persistentConnections: expectAttribute(destination.persistentConnections, "persistent connections") },
    fromStats(destination),
  );
}

/** Kernels before 3.18 do not report the destination's family, as it is the service's; those before 5.3 no tunnel. */
export function fromDestinationLoad(
  attributes: DestinationLoadAttributes | undefined,
  serviceFamily: Family,
): DestinationLoad {
  const destination = expectAttribute(attributes, "destination");
  const { family = serviceFamily, tunnel = defaultTunnel } = destination;
  return {
    family,
    address: fromAddress(family, expectAttribute(destination.address, "destination address")),
    port: expectAttribute(destination.port, "destination port"),
    forward: expectAttribute(destination.forward, "forwarding method"),
    weight: expectAttribute(destination.weight, "weight"),
    upperThreshold: expectAttribute(destination.upperThreshold, "upper threshold"),
    lowerThreshold: expectAttribute(destination.lowerThreshold, "lower threshold"),
    tunnel: {
      type: tunnel.type ?? defaultTunnel.type,
      port: tunnel.port ?? defaultTunnel.port,
      checksum: tunnel.checksum ?? defaultTunnel.checksum,
    },
    activeConnections: expectAttribute(destination.activeConnections, "active connections"),
    inactiveConnections: expectAttribute(destination.inactiveConnections, "inactive connections"),
  };
}
