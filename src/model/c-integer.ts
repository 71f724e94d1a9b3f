/**
 * A number as strtoul(3) reads it with base 0, without a sign: decimal, octal after 0, hexadecimal after 0x. Undefined where
 * the text is anything else.
 */
export function parseCInteger(text: string): number | undefined {
  if (!/^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) return undefined;
  return /^0[0-7]/.test(text) ? Number.parseInt(text, 8) : Number(text);
}
