import { type IpvsError, type Operation, operations, sentenceOf } from "../ipvs/ipvs-error.js";
import type { Change } from "../model/change.js";
import { errnoOf, errorCode, strerror } from "../platform/errno.js";
import type { Cause, ExplainedRefusal } from "./explained-refusal.js";
import { explainedRefusals } from "./refusals.js";

/** An operation and the errno with which it is refused. */
export interface RefusedOperation {
  readonly operation: Operation;
  readonly refusal: ExplainedRefusal;
}

/** What a person asks for. */
export interface Question {
  /** An errno's name or number, an operation, a sentence of ipvsadm or of the system. */
  readonly text: string;
  readonly operation?: Operation | undefined;
}

/** `add service`, also written `add-service`, or undefined. A server is a destination. */
export function parseOperation(text: string): Operation | undefined {
  const words = text
    .toLowerCase()
    .replaceAll(/[\s-]+/g, " ")
    .trim()
    .replace(/ (real )?server$/, " destination");
  return operations.find((operation) => operation === words);
}

/** Every refusal that the question can mean, each with its operations. */
export function findRefusals({ text, operation }: Question): Map<ExplainedRefusal, Operation[]> {
  const asked = text.trim();
  const isMeant = toMatcher(asked);
  const found = new Map<ExplainedRefusal, Operation[]>();
  for (const one of operation === undefined ? operations : [operation]) {
    for (const refusal of explainedRefusals) {
      if (!isRefused(one, refusal) || !isMeant({ operation: one, refusal })) continue;
      found.set(refusal, [...(found.get(refusal) ?? []), one]);
    }
  }
  return found;
}

/** A refusal that names operations goes before one that is for all of them. */
export function isRefused(operation: Operation, { operations: named, code }: ExplainedRefusal): boolean {
  if (named !== undefined) return named.includes(operation);
  return !explainedRefusals.some((other) => other.code === code && other.operations?.includes(operation));
}

function toMatcher(text: string): (refused: RefusedOperation) => boolean {
  const asked = parseOperation(text);
  if (asked !== undefined) return ({ operation }) => operation === asked;
  if (/^\d+$/.test(text)) return ({ refusal }) => refusal.code === errorCode(Number(text));
  if (/^E[A-Z0-9]+$/i.test(text)) return ({ refusal }) => refusal.code === text.toUpperCase();
  if (questionAboutModule.test(text)) {
    return ({ operation, refusal }) => operation === "initialize" && refusal.operations?.includes(operation) === true;
  }
  const sentence = simplified(text);
  return ({ operation, refusal }) =>
    sentence !== "" &&
    [sentenceOf(operation, refusal.code), strerror(errnoOf(refusal.code))].map(simplified).includes(sentence);
}

/** What ipvsadm prints below an error of the first request, instead of the error. */
const questionAboutModule = /are you sure that ip virtual server is built in the kernel or as module/i;

/** Where a verb says that a change was refused: `services[0].destinations[1]: `, `server 10.0.0.1:80 of tcp 192.0.2.10:80: `. */
const refusedPlace =
  /^((services|daemons)\[\d+\](\.destinations\[\d+\])?|(service|server) .*?|timeouts|(master|backup) daemon): +/;

/** The sentence without what people leave out or copy along. */
export function simplified(sentence: string): string {
  return sentence
    .toLowerCase()
    .replace(/^(ipvsadm[a-z -]*|can't initialize ipvs): */, "")
    .replace(refusedPlace, "")
    .replaceAll(/[\s.]+/g, " ")
    .trim();
}

/**
 * The likely reason for a refusal, and a command, in one line for below the message; undefined where nothing is known. The
 * refused change makes it more precise.
 *
 * @example
 * ```js
 * const outcomes = await ipvs.change(changes);
 * for (const refusal of outcomes) if (refusal) console.error(refusal.message, explainRefusal(refusal));
 * ```
 */
export function explainRefusal({
  operation,
  code,
  change,
}: Pick<IpvsError, "operation" | "code"> & { readonly change?: Change | undefined }): string | undefined {
  const refusal = explainedRefusals.find((one) => one.code === code && isRefused(operation, one));
  if (refusal === undefined) return undefined;
  const evident = refusal.causes.find(({ applies }) => change !== undefined && applies?.(change));
  const { text, command } = evident ?? refusal.causes.find(({ applies }) => !applies) ?? refusal.causes[0];
  return `${text}; see: ${fillCommand(command, change)}`;
}

/** The command of a cause, filled in for a change. A value that the change does not have is in capital letters. */
export function fillCommand(command: Cause["command"], change?: Change): string {
  const known: Readonly<Record<string, string | undefined>> = change ? valuesOf(change) : {};
  return command.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? name.toUpperCase());
}

function valuesOf(change: Change): Record<string, string | undefined> {
  switch (change.command) {
    case "add-service":
    case "edit-service":
      return { scheduler: shellWord(change.service.scheduler), engine: shellWord(change.service.engine) };
    case "add-destination":
    case "edit-destination":
      return { address: change.destination.address };
    case "start-daemon":
      return { interface: shellWord(change.daemon.interface) };
    default:
      return {};
  }
}

/** A name that a shell takes as it is. */
function shellWord(name: string | undefined): string | undefined {
  return name !== undefined && /^[\w.@-]+$/.test(name) ? name : undefined;
}
