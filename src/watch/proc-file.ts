import { closeSync, openSync, readSync } from "node:fs";
import { PROC_NET } from "../proc/read.js";

/** A file of /proc/net that is read again and again, into memory that is kept. */
export class ProcFile {
  #buffer = Buffer.alloc(64 * 1024);

  constructor(
    private readonly name: string,
    private readonly folder = PROC_NET,
  ) {}

  /** All of it; valid until the next call. Throws the system's error. */
  read(): Buffer {
    const descriptor = openSync(`${this.folder}/${this.name}`, "r");
    try {
      let length = 0;
      for (;;) {
        if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], 2 * length);
        const read = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
        if (read === 0) return this.#buffer.subarray(0, length);
        length += read;
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
