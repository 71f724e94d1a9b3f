/** What the programs call ipvsadm in messages, where they do not repeat how they were called. */
export const programName = "ipvsadm";

/** The version of ipvsadm that the programs replace, and report. */
export const programVersion = "1.31";
