/** What is used of the package chalk, for the small executable: its engine cannot load the package. */
const style = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[39m`;

export class Chalk {
  readonly blue = style(34);
  readonly green = style(32);
  readonly cyan = style(36);
  readonly yellow = style(33);
}
