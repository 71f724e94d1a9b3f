/** What is used of Bun's own modules, so that Bun's types need not stand beside Node's. */
declare module "bun" {
  type Stream = "inherit";
  /** Throws where the program cannot be started. */
  export function spawnSync(
    words: readonly string[],
    options: { stdin: Stream; stdout: Stream; stderr: Stream },
  ): unknown;
}

declare module "bun:ffi" {
  type ArgumentType = "i32" | "u32" | "u64" | "ptr";
  type ReturnType = "i32" | "i64_fast" | "ptr";
  interface Signature {
    readonly args: readonly ArgumentType[];
    readonly returns: ReturnType;
  }
  /** A pointer is an array whose memory is meant. */
  type ForeignFunction = (...args: readonly (number | ArrayBufferView)[]) => number;
  export function dlopen<Name extends string>(
    library: string,
    signatures: Readonly<Record<Name, Signature>>,
  ): { readonly symbols: Readonly<Record<Name, ForeignFunction>> };
  export const read: { i32(pointer: number, offset: number): number };
}
