import { SystemError } from "../system-calls.js";
import { renderPath } from "./byte-path.js";

/** A file or folder that cannot be used; `message` is what the user sees: the path, what is wrong and, below it, what to do. */
export class FileError extends Error {
  /** The errno's name, such as `ENOSPC`, where the system refused. */
  readonly code: string | undefined;

  constructor(
    /** A byte string (one character per byte). */
    readonly path: string,
    reason: string | SystemError,
    advice?: string,
  ) {
    const isSystems = reason instanceof SystemError;
    const what = `${renderPath(path)}: ${isSystems ? reason.message : reason}`;
    super(advice === undefined ? what : `${what}\n${advice}`, isSystems ? { cause: reason } : {});
    this.name = "FileError";
    this.code = isSystems ? reason.code : undefined;
  }
}

/** For `catch`: a refusal of the system by Node's modules as a FileError; every other error is thrown again. */
export function asFileError(path: string, error: unknown): FileError {
  if (error instanceof Error && "errno" in error && typeof error.errno === "number") {
    // A SystemError's number is positive, as the system's; those of Node's modules are negative, Bun's are both.
    return new FileError(path, new SystemError(Math.abs(error.errno)));
  }
  throw error;
}
