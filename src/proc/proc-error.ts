interface ProcErrorOptions extends ErrorOptions {
  readonly path?: string;
  readonly code?: string;
}

/** A file of /proc that cannot be used; `message` is what the user sees. */
export class ProcError extends Error {
  /** The file, where the system refused. */
  readonly path: string | undefined;
  /** The errno's name, such as `ENOENT`, where the system refused. */
  readonly code: string | undefined;

  constructor(message: string, options: ProcErrorOptions = {}) {
    super(message, options);
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
    super(`unexpected input from /proc/net/${file}${line === undefined ? "" : `: ${JSON.stringify(line)}`}`);
    this.name = "ProcFormatError";
  }
}
