/** The words of a text in lines of at most `width` characters, of which the first begins with `first`. */
export function wrap(text: string, width: number, first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    const isFresh = line === first || line === next;
    if (!isFresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${next}${word}`;
    } else line += isFresh ? word : ` ${word}`;
  }
  return [...lines, line];
}
