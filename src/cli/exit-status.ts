/**
 * Every exit status of the programs. ipvsadm's own grammar keeps the original's; verbs share theirs with each other, so
 * that scripts can trust a number without knowing which verb returned it.
 */
export const exitStatus = {
  success: 0,

  // The original's grammar.
  /** The kernel refused a listing or save. */
  viewRefused: 1,
  /** The kernel's ip_vs cannot be reached. */
  noKernel: 2,
  /** The command line, or a document, is not legal. Nothing was touched. */
  usage: 2,
  /** The kernel refused a change, or popt refused an option: what becomes of a C program's -1. */
  changeRefused: 255,

  // Verbs; they use `success` and `usage` too.
  /** The answer no: there is a difference, nothing was found, a question was declined. */
  failure: 1,
  /** The kernel or a guard refused. The table is as it was before the command. */
  refused: 3,
  /** The kernel refused a change, and then the way back: some changes are in the table. The message says which. */
  halfDone: 4,
  /** The deadline of the command has passed. */
  deadline: 5,
  /** Somebody else changed the table meanwhile, or an expectation of the command line does not hold. */
  changedMeanwhile: 6,
  /** No privileges, no ip_vs, a file that cannot be used, output that cannot be written, or anything unexpected. */
  unreachable: 7,
} as const;
