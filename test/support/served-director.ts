/** A guest that is clients, director and servers at once, for tests of what real traffic notices. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Ipvs } from "ipvsadm";
import { runVerb } from "../../src/commands/run.js";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { fromRoot } from "./paths.js";

// Our programs come first, as `test/lab/guest.bash` has it.
process.env.PATH = `${fromRoot("test/lab/bin")}:${process.env.PATH}`;

export const run = (command: string) => execFileSync("sh", ["-ec", command], { encoding: "utf8" });
export const sysctl = (name: string, value: number) => run(`sysctl -qw net.ipv4.vs.${name}=${value}`);

/** Waits until something is so. The limit is for what never comes: a busy machine stops a guest for seconds. */
export async function until(what: string, isSo: () => unknown, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); await sleep(20)) assert.ok(Date.now() < end, what);
}

// One for all verbs, since each one would catch signals for itself.
const system = systemHost(nodePlatform);

/** Runs a verb in this process, which takes much less time than one of its own. */
export async function verb(args: string) {
  const written = { output: "", error: "" };
  const streamTo = (name: keyof typeof written) => {
    const write = (bytes: string | Uint8Array) => {
      written[name] += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
    };
    return { write, writeText: write };
  };
  const host = { ...system, stdout: streamTo("output"), stderr: streamTo("error") };
  const status = await runVerb(args.split(" "), host);
  return { status, ...written };
}

/** The same where it has to end with 0. */
export async function done(args: string) {
  const result = await verb(args);
  assert.deepEqual([result.status, args], [0, args], result.error);
  return result;
}

const key = { protocol: "tcp", address: "10.9.0.1", port: 80 } as const;

type ServiceOptions = Partial<Extract<Parameters<Ipvs["addService"]>[0], { readonly address: string }>>;
type ServerOptions = Partial<Parameters<Ipvs["addDestination"]>[1]>;

/** The service 10.9.0.1:80 with the servers 10.9.0.2 and 10.9.0.3, which answer each with its name. */
export class ServedDirector {
  readonly #close: (() => unknown)[] = [];

  private constructor(readonly ipvs: Ipvs) {}

  static async start(): Promise<ServedDirector> {
    run(`
      modprobe ip_vs
      ip link set lo up
      ip address add 10.9.0.1/32 dev lo; ip address add 10.9.0.2/32 dev lo; ip address add 10.9.0.3/32 dev lo
      ip address add 10.9.1.1/24 dev lo`);
    const director = new ServedDirector(await Ipvs.open());
    await director.#serve("10.9.0.2");
    await director.#serve("10.9.0.3");
    return director;
  }

  /** What has to be ended at the end, even where a test failed. */
  atEnd(close: () => unknown): void {
    this.#close.push(close);
  }

  stop(): void {
    for (const each of this.#close) each();
    this.ipvs.close();
  }

  /** A service with both servers, in an empty table without connections: those of a deleted server would come back with it. */
  async arrange(options: ServiceOptions, servers: ServerOptions = {}): Promise<void> {
    sysctl("expire_nodest_conn", 1);
    await this.ipvs.clear();
    const isEmpty = () => readFileSync("/proc/net/ip_vs_conn", "latin1").split("\n").length <= 2;
    await until("connections of deleted servers end", isEmpty);
    sysctl("expire_nodest_conn", 0);
    const web = { ...key, ...options };
    await this.ipvs.addService(web);
    for (const address of ["10.9.0.2", "10.9.0.3"]) {
      await this.ipvs.addDestination(web, { address, forward: "masq", ...servers });
    }
  }

  /** The weight of a server; undefined where it is not there. */
  async weightOf(address: string): Promise<number | undefined> {
    const [entry] = await this.ipvs.list();
    return entry?.destinations.find((server) => server.address === address)?.weight;
  }

  /** Waits until a server has another weight, or none. */
  async untilWeight(address: string, isThere: (weight: number | undefined) => boolean): Promise<void> {
    await until(`the weight of ${address}`, async () => isThere(await this.weightOf(address)));
  }

  /** Opens a connection and returns the name of its server with it. Rejects where it is refused, reset or not answered. */
  async open(localAddress = "10.9.1.1"): Promise<{ readonly socket: Socket; readonly server: string }> {
    const socket = connect({ host: "10.9.0.1", port: 80, localAddress });
    this.#close.push(() => socket.destroy());
    const [name] = await once(socket, "data", { signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
      socket.destroy();
      throw error;
    });
    return { socket: socket.on("error", () => {}), server: String(name) };
  }

  /** A connection to each server. */
  async openBoth(localAddress?: string): Promise<ReadonlyMap<string, Socket>> {
    const both = await Promise.all([this.open(localAddress), this.open(localAddress)]);
    return new Map(both.map(({ server, socket }) => [server, socket]));
  }

  /** Answers connections and datagrams with its address, and every request after that too. */
  async #serve(address: string): Promise<void> {
    const server = createServer((socket) => {
      // A client whose connection was cut in between cannot end it.
      this.#close.push(() => socket.destroy());
      socket.on("error", () => {}).write(address);
      socket.on("data", () => socket.write(address));
    });
    this.#close.push(() => server.close());
    await once(server.listen(80, address), "listening");
    const udp = createSocket("udp4");
    udp.on("message", (_, { port, address: client }) => udp.send(address, port, client));
    this.#close.push(() => udp.close());
    udp.bind(80, address);
    await once(udp, "listening");
  }
}

/** Clients that open connections one after the other, each for a moment, from addresses of their own, until they are stopped. */
export class Clients {
  /** The servers of the connections since the last look, and whose they are. */
  served: { readonly server: string; readonly client: string }[] = [];
  failures = 0;
  #isStopped = false;
  readonly #addresses: readonly string[];
  readonly #work: Promise<unknown>;

  constructor(
    private readonly director: ServedDirector,
    count: number,
  ) {
    this.#addresses = Array.from({ length: count }, (_, index) => `10.9.1.${index + 1}`);
    director.atEnd(() => this.stop());
    this.#work = Promise.all(this.#addresses.map((address) => this.#go(address)));
  }

  /** The servers of the connections from now on, when each client has had two. */
  async look(): Promise<ReadonlySet<string>> {
    this.served = [];
    const countOf = (address: string) => this.served.filter(({ client }) => client === address).length;
    await until("each client is served", () => this.#addresses.every((address) => countOf(address) >= 2));
    return new Set(this.served.map(({ server }) => server));
  }

  async #go(address: string): Promise<void> {
    while (!this.#isStopped) {
      try {
        const { socket, server } = await this.director.open(address);
        this.served.push({ server, client: address });
        socket.end();
        await once(socket, "close");
      } catch {
        this.failures++;
      }
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }
}
