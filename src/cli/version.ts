/** The version of ipvsadm whose place the programs take, and which they report. */
export const programVersion = "1.31";
