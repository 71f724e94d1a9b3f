/** Documents that somebody got wrong, from a seed. */
import type { Random } from "./random.js";

/** A document with one or two faults, most of them of its values; some are none after all. */
export function damageDocument(text: string, random: Random): string {
  const once = damage(JSON.parse(text), random);
  const damaged = JSON.stringify(random.coin() ? damage(once, random) : once);
  return random.between(0, 9) === 0 ? damageText(damaged, random) : damaged;
}

/** What a damaged document may have in the place of a value. */
const oddValues: readonly unknown[] = [
  ...[null, true, "", "80", "inet6", "::1", "1.2.3.4", "\ud800", "x".repeat(100), [], [1], {}, { a: 1 }],
  ...[-1, 0, 1, 33, 129, 256, 65536, 2 ** 31, 2 ** 32, 1e300, 0.5, -0, 2678401],
];

/** Damages one place of a JSON value. */
function damage(value: unknown, random: Random): unknown {
  if (random.between(0, 5) === 0 || typeof value !== "object" || value === null) return random.pick(oddValues);
  if (Array.isArray(value)) return damageList(value, random);
  const keys = Object.keys(value);
  const object: Record<string, unknown> = { ...value };
  if (keys.length === 0 || random.between(0, 9) === 0)
    object[random.pick(["fwmark", "port", "tunnel", "pe", "x"])] = random.pick(oddValues);
  else {
    const key = random.pick(keys);
    if (random.between(0, 4) === 0) delete object[key];
    else object[key] = damage(object[key], random);
  }
  return object;
}

function damageList(list: readonly unknown[], random: Random): unknown[] {
  if (list.length === 0) return [random.pick(oddValues)];
  const index = random.between(0, list.length - 1);
  const element = list[index];
  const replacement = random.pick([[], [element, element], [damage(element, random)], [damage(element, random)]]);
  return [...list.slice(0, index), ...replacement, ...list.slice(index + 1)];
}

/** Damages the text itself. */
function damageText(text: string, random: Random): string {
  const at = random.between(0, text.length);
  return (
    text.slice(0, at) +
    random.pick(["", ",", '"', "{", "1", "\u0000", "\u00e9", text.slice(at, at + 30)]) +
    text.slice(at + random.between(0, 3))
  );
}
