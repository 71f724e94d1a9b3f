import type { Names } from "../../format/text/shown-names.js";
import type { NameResolver } from "../../names/resolver.js";

const mostNames = 10_000;
const mostLookUps = 16;

/**
 * Names for a view that does not wait: an address is shown as a number until its name is known. A name is looked up once,
 * and all are forgotten when there are too many.
 */
export class NameCache implements Names {
  readonly #hosts = new Map<string, string | undefined>();
  #pending = 0;

  constructor(
    private readonly resolver: NameResolver,
    /** Called when a name is known. */
    private readonly onName: () => void,
  ) {}

  host(address: string): string | undefined {
    if (!this.#hosts.has(address) && this.#pending < mostLookUps) this.#lookUp(address);
    return this.#hosts.get(address);
  }

  service(...[port, protocol]: Parameters<Names["service"]>): string | undefined {
    return this.resolver.serviceName(port, protocol);
  }

  #lookUp(address: string): void {
    if (this.#hosts.size >= mostNames) this.#hosts.clear();
    this.#hosts.set(address, undefined);
    this.#pending++;
    const settle = (name: string | undefined) => {
      this.#pending--;
      this.#hosts.set(address, name);
      if (name !== undefined) this.onName();
    };
    this.resolver.hostNameInBackground(address).then(settle, () => settle(undefined));
  }
}
