/** The size of ipvsadm's buffer: a longer word is split into words of this many characters. */
const longestWord = 4096;

/**
 * The words of one line of a restore, given without its newline. They are separated by blanks, tabs and carriage returns;
 * there is no quoting. A word ends at a NUL byte, and the word `ipvsadm` is dropped wherever it stands. An empty line has
 * no words.
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

/** ipvsadm does not run a last line without a newline that ends with two of the separators, and does not say so. */
export function isLostAtEnd(line: string): boolean {
  return /[^ \t\r][ \t\r]{2,}$/.test(line);
}

function cutAtNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
