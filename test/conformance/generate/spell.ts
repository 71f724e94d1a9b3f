import type { Random } from "../../support/random.js";
import type { Spelling } from "./vocabulary.js";

/** An option as it is meant, before it is decided how it is written. */
export interface Item {
  readonly spelling: Spelling;
  readonly value?: string | undefined;
}

/** The words of a command line: short or long, in a cluster or apart, values glued, after `=` or as their own word. */
export function spell(random: Random, items: readonly Item[]): string[] {
  const words: string[] = [];
  let cluster: string | undefined;
  const flush = () => {
    if (cluster !== undefined) words.push(cluster);
    cluster = undefined;
  };
  const clustering = random.chance(0.35);
  const long = random.pick([0, 0.1, 0.1, 0.5, 1]);
  for (const { spelling, value } of items) {
    const short = spelling.short !== undefined && (spelling.long === undefined || !random.chance(long));
    if (short && clustering && cluster !== undefined) cluster += spelling.short?.slice(1);
    else {
      flush();
      if (short) cluster = spelling.short;
      else words.push(spelling.long ?? "");
    }
    if (value === undefined) continue;
    if (short && cluster !== undefined && random.chance(0.12)) cluster += `${random.chance(0.3) ? "=" : ""}${value}`;
    else if (!short && random.chance(0.3)) words.push(`${words.pop()}=${value}`);
    else {
      flush();
      words.push(value);
    }
    flush();
  }
  flush();
  return words;
}
