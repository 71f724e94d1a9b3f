import { decodeUtf8, encodeLatin1 } from "../bytes/bytes.js";

interface ProcErrorOptions extends ErrorOptions {
  readonly path?: string;
  readonly code?: string;
}

/** A file of /proc that cannot be used; `message` is what the user sees. */
export class ProcError extends Error {
  /** The file, where the system refused, as a byte string. */
  readonly path: string | undefined;
  /** The errno's name, such as `ENOENT`, where the system refused. */
  readonly code: string | undefined;

  constructor(
    /** A byte string, since it repeats paths and lines of files. */
    message: string,
    options: ProcErrorOptions = {},
  ) {
    super(decodeUtf8(encodeLatin1(message)), options);
    this.name = "ProcError";
    this.path = options.path;
    this.code = options.code;
  }
}

/** A file of /proc that does not have the form in which the kernel writes it. */
export class ProcFormatError extends ProcError {
  constructor(
    /** The file's name, e.g. `ip_vs_conn`. */
    readonly file: string,
    /** The offending line, or undefined where the file ends too early. */
    readonly line?: string,
  ) {
    super(describeUnexpected("/proc/net", file, line));
    this.name = "ProcFormatError";
  }

  /** The error of the same file in another folder. */
  in(folder: string): ProcError {
    return new ProcError(describeUnexpected(folder, this.file, this.line), { cause: this });
  }
}

function describeUnexpected(folder: string, file: string, line?: string): string {
  return `unexpected input from ${folder}/${file}${line === undefined ? "" : `: ${JSON.stringify(line)}`}`;
}
