import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/ipvs-error.js";
import type { Change } from "../../src/model/change.js";
import type { SystemError } from "../../src/platform/system-calls.js";
import { type FakeHost, type FakeHostOptions, makeHost } from "./fake-host.js";

/** A host whose kernel answers as it was told to, and keeps what it was asked. */
export interface ScriptedHost {
  readonly host: FakeHost;
  /** The calls of the client, in order: the method's name, and its arguments as JSON; each change as one of its own. */
  readonly calls: readonly string[];
}

export interface Script extends Pick<FakeHostOptions, "env" | "screen" | "stdin"> {
  /** The answers of the client's methods, and to changes; a positive errno refuses. Every other call answers with nothing. */
  readonly answers?: Partial<Record<keyof IpvsClient | Change["command"], unknown>>;
  /** The errno with which the kernel cannot be reached. */
  readonly unreachable?: number;
  /** The text of /proc/net/ip_vs_conn, or why it cannot be opened. */
  readonly connections?: string | SystemError;
  /** The text of /proc/net/ip_vs. */
  readonly table?: string;
}

export function scriptHost({
  answers = {},
  unreachable,
  connections = "",
  table = "",
  ...options
}: Script = {}): ScriptedHost {
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
  const openKernel = () =>
    unreachable === undefined ? Promise.resolve(client) : Promise.reject(new IpvsError("initialize", unreachable));
  const files = { ip_vs: () => table, ip_vs_conn: () => connections };
  return { calls, host: makeHost({ ...options, files, openKernel }) };
}

function renderArgument(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `${member}` : member));
}
