/** Messages and attributes begin at multiples of four (NLMSG_ALIGNTO, NLA_ALIGNTO). */
export function align(length: number): number {
  return (length + 3) & ~3;
}
