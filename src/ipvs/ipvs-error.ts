import type { Change } from "../model/change.js";
import type { ServiceKey } from "../model/table.js";
import { type ErrorCode, errnoOf, errorCode, strerror } from "../platform/errno.js";

/** Everything that can be asked of the kernel. */
export const operations = [
  "initialize",
  "get services",
  "get service",
  "get destinations",
  "add service",
  "edit service",
  "delete service",
  "zero",
  "flush",
  "add destination",
  "edit destination",
  "delete destination",
  "get timeouts",
  "set timeouts",
  "get daemons",
  "start daemon",
  "stop daemon",
] as const;

/** The operation that failed, for the sentence its errno gets. */
export type Operation = (typeof operations)[number];

type Sentences = Readonly<Partial<Record<ReturnType<typeof errorCode>, string>>>;

const noService: Sentences = { ESRCH: "No such service" };
const noModule: Sentences = { ENOENT: "Scheduler or persistence engine not found" };
const noDestination: Sentences = { ESRCH: "Service not defined", ENOENT: "No such destination" };

/** What ipvsadm says about an errno of one operation. */
const byOperation: Partial<Record<Operation, Sentences>> = {
  "get services": noService,
  "get service": noService,
  "get destinations": noService,
  "add service": { EEXIST: "Service already exists", ...noModule },
  "edit service": { ...noService, ...noModule },
  "delete service": noService,
  zero: noService,
  "add destination": { ESRCH: "Service not defined", EEXIST: "Destination already exists" },
  "edit destination": noDestination,
  "delete destination": noDestination,
  "start daemon": { EEXIST: "Daemon has already run" },
  "stop daemon": { ESRCH: "No daemon is running" },
};

/** What ipvsadm says about an errno of any other operation. */
const byErrno: Sentences = {
  EPERM: "Permission denied (you must be root)",
  EINVAL: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
  ENOPROTOOPT: "Protocol not available",
  ENOMEM: "Memory allocation problem",
  EOPNOTSUPP: "Operation not supported with IPv6",
  EAFNOSUPPORT: "Operation not supported with specified address family",
  EMSGSIZE: "Module is wrong version",
};

/** What ipvsadm says where an operation fails with an errno; undefined where it leaves that to the system. */
function knownSentence(operation: Operation, code: ReturnType<typeof errorCode>): string | undefined {
  return byOperation[operation]?.[code] ?? byErrno[code];
}

/** What an error of the operation says. */
export function sentenceOf(operation: Operation, code: ErrorCode): string {
  return knownSentence(operation, code) ?? strerror(errnoOf(code));
}

/** What an IpvsError concerns, and what else is known of it. */
export interface IpvsErrorDetails extends ErrorOptions {
  readonly change?: Change | undefined;
  readonly key?: ServiceKey | undefined;
  readonly kernelMessage?: string | undefined;
}

/** A refusal by the kernel, or an error on the way to it. `message` is what ipvsadm says about it. */
export class IpvsError extends Error {
  /** The errno's name: `EPERM`. */
  readonly code: string;
  /** The change that was refused, if it was one. */
  readonly change: Change | undefined;
  /** The service that was asked for, if it was one. */
  readonly key: ServiceKey | undefined;
  /** What the kernel itself says about it. Most refusals come without, and on Node all do. */
  readonly kernelMessage: string | undefined;

  constructor(
    readonly operation: Operation,
    /** Positive errno. */
    readonly errno: number,
    { change, key, kernelMessage, ...options }: IpvsErrorDetails = {},
  ) {
    const code = errorCode(errno);
    super(knownSentence(operation, code) ?? strerror(errno), options);
    this.name = "IpvsError";
    this.code = code;
    this.change = change;
    this.key = key;
    this.kernelMessage = kernelMessage;
  }
}
