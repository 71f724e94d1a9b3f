/** The binary's buffer: a longer word falls apart into words of this many characters. */
const longestWord = 4096;

/**
 * The words of one line of a restore, without its newline. Blanks, tabs and carriage returns part them, and there are no
 * quotes. A word ends at a NUL byte, and the word `ipvsadm` is dropped wherever it stands. No words: an empty line.
 */
export function splitRestoreLine(line: string): string[] {
  const words: string[] = [];
  for (const run of line.split(/[ \t\r]+/)) {
    for (let start = 0; start < run.length; start += longestWord) {
      const word = cutAtNul(run.slice(start, start + longestWord));
      if (word !== "ipvsadm") words.push(word);
    }
  }
  return words;
}

function cutAtNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
