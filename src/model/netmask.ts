/** The prefix length of a dotted mask, or undefined where a one follows a zero. */
export function prefixLengthOf(netmask: string): number | undefined {
  const bits = netmask
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}

/** The dotted mask of a prefix length from 0 to 32. */
export function netmaskOf(prefixLength: number): string {
  return [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefixLength - before)))).join(".");
}
