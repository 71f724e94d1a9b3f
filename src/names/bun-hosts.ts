/**
 * Hosts in the executable, by the two functions of libc that ipvsadm calls. Bun's own module gives other answers, since it
 * asks name servers by itself. Loaded with the first name, because a start must not pay for finding them in libc.
 */
import { dlopen, read } from "bun:ffi";
import { formatAddress, parseAddress } from "../model/address.js";
import { AF_INET, AF_INET6 } from "../platform/address-family.js";
import type { HostNames } from "./resolver.js";

const { symbols: libc } = dlopen("libc.so.6", {
  gethostbyname: { args: ["ptr"], returns: "ptr" },
  gethostbyaddr: { args: ["ptr", "u32", "i32"], returns: "ptr" },
});

/** Offsets in struct hostent, whose pointers have 64 bits. */
const H_NAME = 0;
const H_ADDRTYPE = 16;
const H_ADDR_LIST = 24;

export const bunHosts: HostNames = {
  async hostAddress(name) {
    const host = libc.gethostbyname(Buffer.from(`${name}\0`, "latin1"));
    if (host === null || read.i32(host, H_ADDRTYPE) !== AF_INET) return undefined;
    const first = read.ptr(read.ptr(host, H_ADDR_LIST), 0);
    return formatAddress(
      "inet",
      Uint8Array.from({ length: 4 }, (_, index) => read.u8(first, index)),
    );
  },
  async hostName(address, family) {
    const bytes = parseAddress(family, address);
    const host = libc.gethostbyaddr(bytes, bytes.length, family === "inet" ? AF_INET : AF_INET6);
    return host === null ? undefined : readString(read.ptr(host, H_NAME));
  },
};

/** Reads a C string as a byte string. */
function readString(pointer: number): string {
  let text = "";
  for (let offset = 0; ; offset++) {
    const byte = read.u8(pointer, offset);
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
}
