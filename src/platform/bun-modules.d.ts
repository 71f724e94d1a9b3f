/** What is used of Bun's own modules, so that Bun's types need not stand beside Node's. */
declare module "bun" {
  /** Collects garbage, and returns when that is done if it is forced. */
  export function gc(force: boolean): void;

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
  type ForeignFunction<Returns extends ReturnType> = (
    ...args: readonly (number | ArrayBufferView)[]
  ) => Returns extends "ptr" ? number | null : number;
  export function dlopen<const Signatures extends Readonly<Record<string, Signature>>>(
    library: string,
    signatures: Signatures,
  ): { readonly symbols: { readonly [Name in keyof Signatures]: ForeignFunction<Signatures[Name]["returns"]> } };
  /** Reading at a null pointer ends the process. */
  type Read = (pointer: number | null, offset: number) => number;
  export const read: Readonly<Record<"i32" | "u8" | "ptr", Read>>;
}
