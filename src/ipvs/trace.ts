import type { Family } from "../model/table.js";
import type { Socket } from "../netlink/socket/socket.js";
import { type TracedFamily, traceSocket } from "../netlink/trace.js";
import { info, reply } from "./wire/attributes.js";
import * as kernel from "./wire/constants.js";
import { fromAddress } from "./wire/convert-address.js";
import { readNetmask } from "./wire/convert-service.js";

/** The kernel's names of the commands, by their number. */
const commandNames = new Map<unknown, string>(
  Object.entries(kernel)
    .filter(([name]) => /^IPVS_CMD_(?!ATTR_)/.test(name))
    .map(([name, number]) => [number, name]),
);

const tracedFamily: TracedFamily = {
  name: kernel.IPVS_GENL_NAME,
  command: (number) => ({
    name: commandNames.get(number) ?? `IPVS_CMD_${number}`,
    // What is sent is a part of what is received.
    attributes: number === kernel.IPVS_CMD_SET_INFO ? info : reply,
  }),
  render(name, value, { family = "inet6" }) {
    if (!(value instanceof Uint8Array)) return undefined;
    if (name === "address") return fromAddress(family as Family, value);
    if (name === "netmask") return String(readNetmask(family as Family, value));
    return undefined;
  },
};

/** The socket, with a line for each message between ip_vs and the program. */
export function traceIpvs(socket: Socket, log: (line: string) => void): Socket {
  return traceSocket(socket, tracedFamily, log);
}
