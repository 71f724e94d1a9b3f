import type { Family, Protocol } from "../model/table.js";
import type { NameResolver } from "./resolver.js";
import { parseServices, type Services } from "./services-file.js";

/** Text that gethostbyname(3) takes for a wrong IPv4 address and never looks up, or that has a colon (node:dns gives IPv6 back). */
const unfitHost = /^[0-9.]*$|:/;

/**
 * The system's names: hosts through getaddrinfo(3) and getnameinfo(3), services from /etc/services, which `readText` gives
 * ("" where there is none). Nothing is loaded or read before the first question.
 */
export function systemNames(readText: (path: string) => string): NameResolver {
  let loaded: Services | undefined;
  const services = (protocol: Protocol) => {
    loaded ??= parseServices(readText("/etc/services"));
    return loaded[protocol];
  };
  return {
    async hostAddress(name: string): Promise<string | undefined> {
      if (unfitHost.test(name)) return undefined;
      const { lookup } = await import("node:dns/promises");
      try {
        return (await lookup(name, { family: 4 })).address;
      } catch {
        return undefined;
      }
    },
    async hostName(address: string, _family: Family): Promise<string | undefined> {
      const { lookupService } = await import("node:dns/promises");
      try {
        return (await lookupService(address, 0)).hostname;
      } catch {
        return undefined;
      }
    },
    servicePort: (name, protocol) => services(protocol).ports.get(name),
    serviceName: (port, protocol) => services(protocol).names.get(port),
  };
}
