/** The terminal as a whole screen: the other place, besides process.ts, that touches the standard streams. */
import { writeSync } from "node:fs";

const enter = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
const leave = "\x1b[0m\x1b[?25h\x1b[?1049l";

/** Signals that end a program, which has to give the screen back before. */
const deadly = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** Milliseconds after which a process that asked to be stopped, and runs, cannot be stopped. */
const resumeDelay = 100;

export interface TerminalEvents {
  /** What was typed. */
  onInput(text: string): void;
  /** The window has another size, or the screen has to be redrawn. */
  onResize(): void;
}

/** The whole screen of the terminal on standard output, until `close`. It is given back however the process ends. */
export class Terminal {
  #isOpen = false;
  readonly #onInput = (data: Buffer) => this.events.onInput(data.toString("latin1"));
  readonly #onResize = () => this.events.onResize();
  readonly #onExit = () => this.close();
  #resumption: NodeJS.Timeout | undefined;
  /** Another process, such as a shell's `kill -TSTP`, asks it to stop. */
  readonly #onStop = () => this.#stop(process.pid);
  readonly #onContinue = () => {
    clearTimeout(this.#resumption);
    process.off("SIGTSTP", this.#onStop);
    process.on("SIGTSTP", this.#onStop);
    this.#enter();
    this.events.onResize();
  };
  readonly #onSignal = (signal: NodeJS.Signals) => this.die(signal);

  constructor(private readonly events: TerminalEvents) {}

  open(): void {
    for (const signal of deadly) process.on(signal, this.#onSignal);
    process.on("SIGTSTP", this.#onStop);
    process.on("SIGCONT", this.#onContinue);
    process.on("exit", this.#onExit);
    process.on("uncaughtExceptionMonitor", this.#onExit);
    process.stdout.on("resize", this.#onResize);
    process.stdin.on("data", this.#onInput);
    this.#enter();
  }

  get width(): number {
    return process.stdout.columns || 80;
  }

  get height(): number {
    return process.stdout.rows || 24;
  }

  /** Shows the lines from the first row on, and clears the rows below them. */
  draw(lines: readonly string[]): void {
    if (this.#isOpen) write(`\x1b[H${lines.map((line) => `${line}\x1b[0m\x1b[K`).join("\r\n")}\x1b[J`);
  }

  /** Gives the screen back. */
  close(): void {
    this.#leave();
    for (const signal of deadly) process.off(signal, this.#onSignal);
    clearTimeout(this.#resumption);
    process.off("SIGTSTP", this.#onStop);
    process.off("SIGCONT", this.#onContinue);
    process.off("exit", this.#onExit);
    process.off("uncaughtExceptionMonitor", this.#onExit);
    process.stdout.off("resize", this.#onResize);
    process.stdin.off("data", this.#onInput);
    process.stdin.pause();
  }

  /** Gives the screen back and ends the process as the signal does by itself. */
  die(signal: NodeJS.Signals): void {
    this.close();
    process.kill(process.pid, signal);
  }

  /**
   * Gives the screen back and stops the job, as Ctrl-Z does; takes the screen again when it is continued. A process that
   * leads its session (`ssh -t HOST ipvsadm watch`) has nobody who could continue it, so the kernel does not stop it: it
   * takes the screen again after a moment.
   */
  suspend(): void {
    this.#stop(0);
  }

  /** Stops this process, or its whole process group for 0, by the signal's default action. */
  #stop(target: number): void {
    this.#leave();
    process.off("SIGTSTP", this.#onStop);
    process.kill(target, "SIGTSTP");
    this.#resumption = setTimeout(this.#onContinue, resumeDelay);
  }

  #enter(): void {
    if (process.stdin.isTTY) {
      // Asked for the mode it thinks it is in, the runtime does nothing; after a SIGSTOP the shell has set another.
      process.stdin.setRawMode(false);
      process.stdin.setRawMode(true);
    }
    process.stdin.resume();
    this.#isOpen = true;
    write(enter);
  }

  #leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    write(leave);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  }
}

/** Gives up on a terminal that is gone, or accepts nothing for a second: a signal is on its way. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  let patience = 1000;
  for (let offset = 0; offset < bytes.length && patience > 0; ) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      patience--;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
