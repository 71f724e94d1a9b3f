/** Hosts and services in the small executable, by the functions of libc that the original calls. */
import * as host from "host";
import type { HostNames, ServiceNames } from "./resolver.js";

export const quickjsHosts: HostNames = {
  hostAddress: async (name) => host.hostAddress(name),
  hostName: async (address) => host.hostName(address),
};

export const quickjsServices: ServiceNames = {
  servicePort: host.servicePort,
  serviceName: host.serviceName,
};
