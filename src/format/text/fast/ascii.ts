/*
 * Lines made of bytes, for the listings whose rows come by the hundred thousand: building strings would dominate the cost.
 * Writers take an offset, assume there is room, and return the end offset.
 */

export const blank = 0x20;
export const newline = 0x0a;
export const zero = 0x30;
export const colon = 0x3a;
const dot = 0x2e;

const noDigit = 0xff;
const hexDigits = new Uint8Array(256).fill(noDigit);
for (let digit = 0; digit < 16; digit++) hexDigits[digit + (digit < 10 ? zero : 0x41 - 10)] = digit;

/** The value of a hexadecimal digit, a capital as the kernel writes it; more than 15 for any other byte. */
export function hexDigit(byte: number | undefined): number {
  return hexDigits[byte ?? 0] ?? noDigit;
}

/** Text of one byte a character, or the part of it from `start` to `end`. */
export function writeText(line: Uint8Array, offset: number, text: string, start = 0, end = text.length): number {
  for (let index = start; index < end; index++) line[offset + index - start] = text.charCodeAt(index);
  return offset + end - start;
}

/** `10.0.0.1:80`, of an address and a port as numbers. */
export function writeEndpoint(line: Uint8Array, offset: number, address: number, port: number): number {
  const end = writeIpv4Word(line, offset, address);
  line[end] = colon;
  return writePort(line, end + 1, port);
}

/** 0..65535. */
export function writePort(line: Uint8Array, offset: number, port: number): number {
  const end = offset + (port < 10 ? 1 : port < 100 ? 2 : port < 1000 ? 3 : port < 10_000 ? 4 : 5);
  for (let index = end - 1, rest = port; index >= offset; index--) {
    // A tenth: a division would take most of the time.
    const tenth = Math.imul(rest, 52_429) >>> 19;
    line[index] = zero + rest - 10 * tenth;
    rest = tenth;
  }
  return end;
}

/** An IPv4 address, whose first octet is the word's highest. */
export function writeIpv4Word(line: Uint8Array, offset: number, word: number): number {
  let end = writeOctet(line, offset, word >>> 24);
  line[end] = dot;
  end = writeOctet(line, end + 1, (word >>> 16) & 0xff);
  line[end] = dot;
  end = writeOctet(line, end + 1, (word >>> 8) & 0xff);
  line[end] = dot;
  return writeOctet(line, end + 1, word & 0xff);
}

function writeOctet(line: Uint8Array, offset: number, octet: number): number {
  let end = offset;
  let rest = octet;
  if (octet >= 10) {
    if (octet >= 100) {
      const hundreds = octet >= 200 ? 2 : 1;
      line[end++] = zero + hundreds;
      rest -= 100 * hundreds;
    }
    const tens = (rest * 103) >> 10;
    line[end++] = zero + tens;
    rest -= 10 * tens;
  }
  line[end] = zero + rest;
  return end + 1;
}

/** Fills with blanks up to `end`, if that is not reached yet. */
export function pad(line: Uint8Array, offset: number, end: number): number {
  let index = offset;
  while (index < end) line[index++] = blank;
  return index;
}
