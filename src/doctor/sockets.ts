import { parseAddress } from "../model/address.js";
import type { Family } from "../model/table.js";
import { HOST_LITTLE_ENDIAN } from "../netlink/codec/coders.js";
import type { Evidence } from "./evidence.js";

/** Where the kernel lists TCP sockets. */
export const socketFiles = ["/proc/net/tcp", "/proc/net/tcp6"] as const;

const listening = "0A";
const byteOrder = HOST_LITTLE_ENDIAN ? [3, 2, 1, 0] : [0, 1, 2, 3];

/** An address as these files have it: 32-bit words as hexadecimal digits, in the byte order of the machine. */
function procWords(family: Family, address: string): string {
  const bytes = parseAddress(family, address);
  let text = "";
  for (let word = 0; word < bytes.length; word += 4) {
    for (const index of byteOrder) text += (bytes[word + index] ?? 0).toString(16).padStart(2, "0");
  }
  return text.toUpperCase();
}

/** Whether a TCP socket takes connections to the address and port, by this address or as one of all addresses. */
export function listens(evidence: Evidence, family: Family, address: string, port: number): boolean {
  const portText = port.toString(16).toUpperCase().padStart(4, "0");
  const mapped = family === "inet" ? [`${procWords("inet6", `::ffff:${address}`)}`] : [];
  const addresses = [procWords(family, address), "0".repeat(8), "0".repeat(32), ...mapped];
  const wanted = new Set(addresses.map((words) => `${words}:${portText}`));
  return socketFiles.some((file) =>
    (evidence.text(file) ?? "").split("\n").some((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      return state === listening && wanted.has(local) && !(file === "/proc/net/tcp" && family === "inet6");
    }),
  );
}
