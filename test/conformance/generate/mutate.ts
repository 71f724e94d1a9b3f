import type { Random } from "../../support/random.js";
import { likelyValueOf, oddValueOf } from "./option-values.js";
import type { Item } from "./spell.js";
import { commands, options } from "./vocabulary.js";

/** An option with its name, so that a mutation knows what it changes. */
export interface NamedItem extends Item {
  readonly name: string;
}

export function option(random: Random, name: string, value?: string): NamedItem {
  const spelling = options[name];
  if (spelling === undefined) throw new Error(`no option ${name}`);
  if (value !== undefined) return { name, spelling, value };
  const given = spelling.value === "needed" || (spelling.value === "optional" && random.chance(0.6));
  return given ? { name, spelling, value: likelyValueOf[name]?.(random) } : { name, spelling };
}

export function command(name: string, value?: string): NamedItem {
  const spelling = commands[name];
  if (spelling === undefined) throw new Error(`no command ${name}`);
  return { name, spelling, value };
}

/** A word that stands for itself. */
function word(text: string): NamedItem {
  return { name: "", spelling: { long: text } };
}

const unknown = [
  "-q",
  "--foo",
  "--stat",
  "--add",
  "--num",
  "-",
  "--",
  "---",
  "-\u00e9",
  "-Lq",
  "--=",
  "--list=",
  "-=",
  "--foo=1",
  "-1",
  "-?",
  "--usage",
];
const leftover = ["extra", "", "1", "10.0.0.1:80", "ipvsadm", "#", "a b", "*", "=", "%s"];

/** Makes one thing about a command wrong, or at least unusual. */
export function mutate(random: Random, items: readonly NamedItem[]): NamedItem[] {
  const at = random.below(items.length);
  const item = items[at];
  if (item === undefined) return [word(random.pick([...unknown, ...leftover]))];
  const put = (place: number, ...added: NamedItem[]) => [...items.slice(0, place), ...added, ...items.slice(place)];
  const swap = (...added: NamedItem[]) => [...items.slice(0, at), ...added, ...items.slice(at + 1)];
  const somewhere = 1 + random.below(items.length);
  const change = random.weighted<() => NamedItem[]>([
    [3, () => swap()],
    [2, () => put(somewhere, item)],
    [1, () => put(somewhere, option(random, item.name in options ? item.name : "n"))],
    [5, () => put(somewhere, option(random, random.pick(Object.keys(options))))],
    [
      8,
      () =>
        item.value === undefined
          ? swap({ ...item, value: oddValueOf(random, item.name) })
          : swap({ ...item, value: oddValueOf(random, item.name) }),
    ],
    [1, () => put(somewhere, command(random.pick(Object.keys(commands))))],
    [1, () => put(random.below(items.length + 1), word(random.pick(leftover)))],
    [1, () => put(random.below(items.length + 1), word(random.pick(unknown)))],
    [1, () => swap({ name: item.name, spelling: item.spelling })],
    [1, () => random.shuffled(items)],
    [1, () => items.slice(0, at)],
    [1, () => put(0, option(random, random.pick(Object.keys(options))))],
  ]);
  return change();
}
