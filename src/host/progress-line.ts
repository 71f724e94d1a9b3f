import type { Clock } from "../platform/clock.js";

/** A line of progress on standard error, where that is a terminal. */
export interface Progress {
  /** Shows another text, of one line. Does nothing without a terminal, or less than 0.2 seconds after the last text. */
  show(text: string): void;
  /** Removes the line, so that something else can be written. It comes back with the next text. */
  clear(): void;
}

/** The shortest time between two texts, milliseconds. */
const leastPause = 200;

export class ProgressLine implements Progress {
  #isShown = false;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly terminal: {
      readonly writeText: (text: string) => void;
      /** In columns. */
      readonly width: () => number;
    },
  ) {}

  show(text: string): void {
    const now = this.clock.monotonic();
    if (now - this.#last < leastPause) return;
    this.#last = now;
    this.#isShown = true;
    // A text that fills the last column would begin another row, which is not cleared.
    const shown = Array.from(text)
      .slice(0, this.terminal.width() - 1)
      .join("");
    this.terminal.writeText(`\r\x1b[K${shown}`);
  }

  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.terminal.writeText("\r\x1b[K");
  }
}

/** Where there is no terminal. */
export const noProgress: Progress = { show() {}, clear() {} };
