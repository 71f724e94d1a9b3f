import { renderServiceName } from "../format/text/rule-lines.js";
import { numericNames } from "../format/text/shown-names.js";
import { endpointIdentity } from "../model/identity.js";
import { type DestinationKey, isMarkService, type ServiceKey } from "../model/table.js";

/** A service as findings call it. */
export function serviceText(service: ServiceKey): string {
  if (isMarkService(service)) return `service FWM ${service.fwmark}${service.family === "inet6" ? " IPv6" : ""}`;
  return `service ${service.protocol.toUpperCase()} ${endpointIdentity(service)}`;
}

/** A server of a service as findings call it. */
export function serverText(service: ServiceKey, server: DestinationKey): string {
  return `server ${endpointIdentity(server)} of ${serviceText(service)}`;
}

/** The options by which ipvsadm takes the service. */
export function serviceOption(service: ServiceKey): string {
  return renderServiceName(service, numericNames);
}

/** The option by which ipvsadm takes the server. */
export function serverOption(server: DestinationKey): string {
  return `-r ${endpointIdentity(server)}`;
}

/** The command that gives a setting a value, by the path of its file. */
export function setCommand(path: string, value: number | string): string {
  const parts = path.replace(/^\/proc\/sys\//, "").split("/");
  // A dot within the name of an interface would be read as a separator.
  const key = parts.some((part) => part.includes(".")) ? parts.join("/") : parts.join(".");
  return `sysctl -w ${quoteWord(`${key}=${value}`)}`;
}

/** A word of a shell command. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The text that a word of `quoteWord` stands for. */
export function unquoteWord(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
}
