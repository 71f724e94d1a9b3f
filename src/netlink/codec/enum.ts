import type { Coder } from "./coders.js";
import { malformed } from "./netlink-error.js";

/** Names for numbers of the kernel. A number that has none is malformed. */
export class Enum<Name extends string> implements Coder<Name> {
  readonly #byNumber: ReadonlyMap<number, Name>;

  /** `what` names the kind of number in the error for an unknown one. */
  constructor(
    private readonly what: string,
    private readonly coder: Coder<number>,
    private readonly byName: Readonly<Record<Name, number>>,
  ) {
    this.#byNumber = new Map((Object.keys(byName) as Name[]).map((name) => [byName[name], name]));
  }

  write(view: DataView, offset: number, name: Name): number {
    return this.coder.write(view, offset, this.byName[name]);
  }

  read(view: DataView, offset: number, length: number): Name {
    const number = this.coder.read(view, offset, length);
    const name = this.nameOf(number);
    if (name === undefined) throw malformed(`${this.what} ${number}`);
    return name;
  }

  nameOf(number: number): Name | undefined {
    return this.#byNumber.get(number);
  }
}
