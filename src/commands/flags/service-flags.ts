import * as Flags from "@oclif/core/flags";
import type { ServiceSelector } from "../../cli/service-key.js";
import type { Protocol } from "../../model/table.js";

const protocolFlags = {
  "tcp-service": "tcp",
  "udp-service": "udp",
  "sctp-service": "sctp",
} as const satisfies Readonly<Record<string, Protocol>>;

const serviceFlagNames = ["tcp-service", "udp-service", "sctp-service", "fwmark-service"] as const;

/** A service is named by one flag. */
function exclusive(name: (typeof serviceFlagNames)[number]): { exclusive: string[] } {
  return { exclusive: serviceFlagNames.filter((other) => other !== name) };
}

/** The flags by which a verb takes one virtual service, as ipvsadm's own grammar has them. */
export const serviceFlags = {
  "tcp-service": Flags.string({
    char: "t",
    summary: "Only this TCP service.",
    helpValue: "HOST:PORT",
    ...exclusive("tcp-service"),
  }),
  "udp-service": Flags.string({
    char: "u",
    summary: "Only this UDP service.",
    helpValue: "HOST:PORT",
    ...exclusive("udp-service"),
  }),
  "sctp-service": Flags.string({
    summary: "Only this SCTP service.",
    helpValue: "HOST:PORT",
    ...exclusive("sctp-service"),
  }),
  "fwmark-service": Flags.string({
    char: "f",
    summary: "Only the service of this firewall mark.",
    helpValue: "MARK",
    ...exclusive("fwmark-service"),
  }),
  ipv6: Flags.boolean({ summary: "The firewall mark applies to IPv6.", dependsOn: ["fwmark-service"] }),
};

type ServiceFlagValues = { readonly [Name in (typeof serviceFlagNames)[number]]?: string | undefined } & {
  readonly ipv6: boolean;
};

/** The service that the flags name, or undefined where they name none. */
export function selectedService(flags: ServiceFlagValues): ServiceSelector | undefined {
  const name = serviceFlagNames.find((one) => flags[one] !== undefined);
  if (name === undefined) return undefined;
  const text = flags[name] ?? "";
  return name === "fwmark-service"
    ? { fwmark: text, family: flags.ipv6 ? "inet6" : "inet" }
    : { protocol: protocolFlags[name], endpoint: text };
}
