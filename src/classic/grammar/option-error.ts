import { UsageError } from "../../cli/usage-error.js";

/** A mistake in an option itself, in popt's words. Unlike any other usage error, it does not end a restore. */
export class OptionError extends UsageError {}
