/**
 * What follows the name of a verb in its usage. oclif's own line joins a flag with all that it excludes, even where those do
 * not exclude each other.
 */
import type { VerbClass } from "../registry.js";

/** What is used of a flag of oclif. */
interface DeclaredFlag {
  readonly type: string;
  readonly char?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
  readonly multiple?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly allowNo?: boolean | undefined;
  readonly exclusive?: readonly string[] | undefined;
  readonly dependsOn?: readonly string[] | undefined;
}

export function renderUsageLine(flags: VerbClass["flags"], args: VerbClass["args"]): string {
  const declared = Object.entries<DeclaredFlag>(flags);
  const words = Object.values(args).map(({ name, required }) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  const required = declared.filter(([, flag]) => flag.required).map(([name, flag]) => renderFlag(name, flag));
  const roots = declared.filter(([, { required, dependsOn = [] }]) => !required && dependsOn.length !== 1);
  const groups = toExclusiveGroups(new Map(roots)).map((names) => {
    const alternatives = names.map((name) => renderWithDependents(name, declared));
    return `[${alternatives.join(" | ")}]`;
  });
  return [...words, ...required, ...groups].join(" ");
}

/** A flag, and in brackets those that are given only with it. */
function renderWithDependents(name: string, declared: readonly (readonly [string, DeclaredFlag])[]): string {
  const parts = declared
    .filter(([one, { dependsOn }]) => one === name || (dependsOn?.length === 1 && dependsOn[0] === name))
    .sort(([one], [other]) => Number(other === name) - Number(one === name))
    .map(([one, flag]) => (one === name ? renderFlag(one, flag) : `[${renderFlag(one, flag)}]`));
  return parts.join(" ");
}

function renderFlag(name: string, { type, char, helpValue, options, multiple, allowNo }: DeclaredFlag): string {
  const spelling = char === undefined ? `--${allowNo ? "[no-]" : ""}${name}` : `-${char}`;
  if (type !== "option") return spelling;
  const value = helpValue ?? options?.join("|") ?? name.toUpperCase();
  return `${spelling} ${value}${multiple ? "..." : ""}`;
}

/** Every flag once, in groups whose members exclude each other, the largest groups first. */
function toExclusiveGroups(flags: ReadonlyMap<string, DeclaredFlag>): string[][] {
  const excludes = (one: string, other: string) =>
    flags.get(one)?.exclusive?.includes(other) || flags.get(other)?.exclusive?.includes(one);
  const left = new Set(flags.keys());
  const groups: string[][] = [];
  while (left.size > 0) {
    let largest: string[] = [];
    for (const seed of left) {
      const group = [seed];
      for (const name of left) if (name !== seed && group.every((member) => excludes(member, name))) group.push(name);
      if (group.length > largest.length) largest = group;
    }
    for (const name of largest) left.delete(name);
    groups.push(largest);
  }
  const order = [...flags.keys()];
  const inOrder = (names: readonly string[]) => names.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  return groups.map(inOrder).toSorted(([a = ""], [b = ""]) => order.indexOf(a) - order.indexOf(b));
}
