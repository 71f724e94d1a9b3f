import type { Effects } from "../../src/classic/effects.js";
import type { Change } from "../../src/ipvs/change.js";
import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/errors.js";

/** What a command did to a made-up world. */
export interface World {
  readonly effects: Effects;
  /** The calls of the client, in their order: the method's name, and its arguments as JSON; each change as one of its own. */
  readonly calls: string[];
  output: string;
  error: string;
}

export interface Circumstances {
  /** Standard input, in the pieces in which it comes. */
  readonly input?: readonly string[];
  /** The answers of the client's methods, and to changes; a positive errno refuses. Every other call answers with nothing. */
  readonly answers?: Partial<Record<keyof IpvsClient | Change["command"], unknown>>;
  /** The errno with which the kernel cannot be reached. */
  readonly unreachable?: number;
  /** The text of the connection list, or the error that reading it throws. */
  readonly connections?: string | Error;
  /** The text of /proc/net/ip_vs. */
  readonly table?: string;
}

export function makeWorld({
  input = [],
  answers = {},
  unreachable,
  connections = "",
  table = "",
}: Circumstances = {}): World {
  const calls: string[] = [];
  const answerTo = (name: keyof IpvsClient | Change["command"], values: unknown[]) => {
    calls.push([name, ...values.map(renderArgument)].join(" "));
    const answer = answers[name];
    return typeof answer === "number" ? new IpvsError("add service", answer) : answer;
  };
  const call = async (method: keyof IpvsClient, values: unknown[]) => {
    const answer = answerTo(method, values);
    if (answer instanceof IpvsError) throw answer;
    return answer;
  };
  const change = async (changes: readonly Change[]) =>
    changes.map(({ command, ...values }) => answerTo(command, [values]));
  const client = new Proxy({ change } as IpvsClient, {
    // A client is no promise, which is what `await` asks for `then`.
    get: (target, method: keyof IpvsClient | "then") =>
      method === "then" ? undefined : (target[method] ?? ((...values: unknown[]) => call(method, values))),
  });
  const world: World = {
    calls,
    output: "",
    error: "",
    effects: {
      output: (text) => {
        world.output += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
      },
      error: (text) => {
        world.error += text;
      },
      input: pieces(input),
      openClient: () =>
        unreachable === undefined ? Promise.resolve(client) : Promise.reject(new IpvsError("initialize", unreachable)),
      terminal: () => Promise.resolve(undefined),
      readTable: () => table,
      *readConnections() {
        if (connections instanceof Error) throw connections;
        yield Buffer.from(connections, "latin1");
      },
      resolver: {
        hostAddress: () => Promise.resolve(undefined),
        hostName: () => Promise.resolve(undefined),
        servicePort: () => undefined,
        serviceName: () => undefined,
      },
      now: () => new Date("2026-11-22T18:24:00Z"),
    },
  };
  return world;
}

function renderArgument(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `${member}` : member));
}

async function* pieces(texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, "latin1");
}
