import { errorCode, strerror } from "../platform/errno.js";

/** The operation that failed, for the sentence its errno gets. */
export type Operation =
  | "initialize"
  | "get services"
  | "get service"
  | "get destinations"
  | "add service"
  | "edit service"
  | "delete service"
  | "zero"
  | "flush"
  | "add destination"
  | "edit destination"
  | "delete destination"
  | "get timeouts"
  | "set timeouts"
  | "get daemons"
  | "start daemon"
  | "stop daemon";

type Sentences = Readonly<Partial<Record<ReturnType<typeof errorCode>, string>>>;

const noService: Sentences = { ESRCH: "No such service" };
const noModule: Sentences = { ENOENT: "Scheduler or persistence engine not found" };
const noDestination: Sentences = { ESRCH: "Service not defined", ENOENT: "No such destination" };

/** What ipvsadm says about an errno of one operation. */
const BY_OPERATION: Partial<Record<Operation, Sentences>> = {
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
const BY_ERRNO: Sentences = {
  EPERM: "Permission denied (you must be root)",
  EINVAL: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
  ENOPROTOOPT: "Protocol not available",
  ENOMEM: "Memory allocation problem",
  EOPNOTSUPP: "Operation not supported with IPv6",
  EAFNOSUPPORT: "Operation not supported with specified address family",
  EMSGSIZE: "Module is wrong version",
};

/** The sentence for a positive errno of an operation. */
export function explain(operation: Operation, errno: number): string {
  const code = errorCode(errno);
  return BY_OPERATION[operation]?.[code] ?? BY_ERRNO[code] ?? strerror(errno);
}

/** A refusal by the kernel (or by the way to it), in the words of ipvsadm: `message` is what the user sees. */
export class IpvsError extends Error {
  constructor(
    readonly operation: Operation,
    /** Positive errno. */
    readonly errno: number,
    message = explain(operation, errno),
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "IpvsError";
  }
}
