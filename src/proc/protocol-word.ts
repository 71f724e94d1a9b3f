import { type Protocol, protocols } from "../model/table.js";

const byWord: ReadonlyMap<string, Protocol> = new Map(protocols.map((protocol) => [protocol.toUpperCase(), protocol]));

/** The protocol that /proc calls `TCP`, `UDP` or `SCTP`; undefined for any other word. */
export function protocolOfWord(word: string): Protocol | undefined {
  return byWord.get(word);
}
