/** One command line to be given to both programs, and what came of it. */

export type Program = "ipvsadm" | "ipvsadm-save" | "ipvsadm-restore";

export interface Command {
  readonly program?: Program;
  readonly args: readonly string[];
  readonly stdin?: string;
}

/** Output is kept as one character a byte, so that every byte is compared. */
export interface Outcome {
  /** Exit status; 128 + N where signal N ended the program. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The program had to be killed. */
  readonly hung?: boolean;
}

/** Something that runs commands in one network namespace. */
export interface Runner {
  run(command: Command): Promise<Outcome>;
  close(): void;
}

const listing = /^(-[LlSvh]|--(list|save|version|help)$)/;

/** Whether a command can only read the table: ours then runs where the original ran, so that the kernel's order agrees. */
export function isListing(command: Command): boolean {
  if (command.program !== undefined && command.program !== "ipvsadm") return command.program === "ipvsadm-save";
  const option = command.args.find((word) => word.startsWith("-"));
  return option === undefined || listing.test(option);
}

/** A command as one would type it, for reports. */
export function renderCommand(command: Command): string {
  const words = [command.program ?? "ipvsadm", ...command.args.map(quote)].join(" ");
  return command.stdin === undefined ? words : `${words} <<< ${JSON.stringify(command.stdin)}`;
}

/** A word quoted for a POSIX shell where it needs to be. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
