import type { Protocol } from "../model/table.js";
import type { HostNames, NameResolver } from "./resolver.js";
import { parseServices, type Services } from "./services-file.js";

/**
 * The system's names: hosts from libc, through what `loadHosts` loads; services from /etc/services, which `readText` reads
 * ("" where there is none). Nothing is loaded or read before the first look-up.
 */
export function systemNames(loadHosts: () => Promise<HostNames>, readText: (path: string) => string): NameResolver {
  let loaded: Services | undefined;
  const services = (protocol: Protocol) => {
    loaded ??= parseServices(readText("/etc/services"));
    return loaded[protocol];
  };
  return {
    hostAddress: async (name) => (await loadHosts()).hostAddress(name),
    hostName: async (address, family) => (await loadHosts()).hostName(address, family),
    hostNameInBackground: async (address) => (await import("./background-hosts.js")).hostNameInBackground(address),
    servicePort: (name, protocol) => services(protocol).ports.get(name),
    serviceName: (port, protocol) => services(protocol).names.get(port),
  };
}
