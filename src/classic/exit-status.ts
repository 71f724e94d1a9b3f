/** The exit statuses of ipvsadm. */
export const exitStatus = {
  success: 0,
  /** The kernel refused a listing or save. */
  viewRefused: 1,
  /** A JSON document that is not legal; an illegal command line has its status with it. */
  documentFault: 2,
  /** The kernel's ip_vs cannot be reached. */
  noKernel: 2,
  /** The kernel refused a change: what becomes of a C program's -1. */
  changeRefused: 255,
} as const;
