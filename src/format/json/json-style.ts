/** How JSON text looks. */
export interface Style {
  /** Blanks per level; undefined: no line breaks within a value. */
  readonly indent?: number;
  /** There are no line breaks between the values of a streamed list either. */
  readonly oneLine?: boolean;
  key(text: string): string;
  string(text: string): string;
  number(text: string): string;
  word(text: string): string;
}

const plain = (text: string) => text;

/** For programs: no blanks. */
export const compactStyle: Style = { key: plain, string: plain, number: plain, word: plain };

/** For programs that read line by line. */
export const lineStyle: Style = { ...compactStyle, oneLine: true };

/** For people: indented, and colored if wanted. */
export async function terminalStyle(isColored: boolean): Promise<Style> {
  if (!isColored) return { ...compactStyle, indent: 2 };
  // Loaded only here: most runs are not on a terminal.
  const { Chalk } = await import("chalk");
  // A level, since chalk itself would decide by variables and arguments of its own.
  const chalk = new Chalk({ level: 1 });
  return { indent: 2, key: chalk.blue, string: chalk.green, number: chalk.cyan, word: chalk.yellow };
}
