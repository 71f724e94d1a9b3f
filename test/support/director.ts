import { runVerb } from "../../src/commands/run.js";
import { type FakeHostOptions, makeHost } from "./fake-host.js";
import { FakeKernel, type FakeKernelOptions } from "./fake-kernel.js";
import { FakeState } from "./fake-state.js";

/** A director: a kernel, and the state that commands keep. */
export class Director {
  readonly kernel: FakeKernel;
  readonly state = new FakeState();

  constructor(options: FakeKernelOptions = {}, kernel = new FakeKernel(options)) {
    this.kernel = kernel;
  }

  async run(line: string | readonly string[], options: FakeHostOptions = {}) {
    const host = makeHost({ state: this.state, openKernel: async () => this.kernel, ...options });
    const status = await runVerb(typeof line === "string" ? line.split(" ") : line, host);
    return { status, output: host.output, error: host.error, questions: host.questions };
  }

  /** The table in few words: `192.0.2.10:80 wlc: 10.0.0.1 x1, 10.0.0.2 x3`. */
  table(): string[] {
    return this.kernel
      .entries()
      .map(({ service, destinations }) => {
        const name = "address" in service ? `${service.address}:${service.port}` : `fwmark ${service.fwmark}`;
        const servers = destinations.map(({ address, weight }) => `${address} x${weight}`).sort();
        return `${name} ${service.scheduler}: ${servers.join(", ")}`;
      })
      .sort();
  }
}
