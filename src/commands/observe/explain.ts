import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { UsageError } from "../../cli/usage-error.js";
import { findCommandLineFault } from "../../explain/command-line-faults.js";
import { findRefusals, parseOperation, simplified } from "../../explain/explain.js";
import { renderCommandLineFault, renderExplanation, renderSubjects } from "../../explain/render-explanation.js";
import { HostCommand } from "../base.js";

export class Explain extends HostCommand {
  static override readonly description =
    "Takes an error (ENOENT, or its number), an operation (add service), or a message as ipvsadm or a C program prints " +
    "it, and prints what the kernel checks, the likely causes, and a command for each. Without one it prints what can be " +
    "asked for. The kernel is not asked.";
  static override readonly examples = [
    { description: "A message", command: 'ipvsadm explain "Memory allocation problem"' },
    { description: "An error of one operation", command: "ipvsadm explain EINVAL --for add-destination" },
    { description: "Everything for which adding a service is refused", command: "ipvsadm explain add-service" },
  ];
  static override readonly strict = false;
  static override readonly args = {
    subject: Args.string({
      name: "ERROR|OPERATION|MESSAGE",
      description: "What to explain; without it, what can be asked for is listed.",
    }),
  };
  static override readonly flags = {
    for: Flags.string({ summary: "The operation that was refused.", helpValue: "OPERATION" }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Explain);
    const text = argv.join(" ");
    const operation = flags.for === undefined ? undefined : parseOperation(flags.for);
    if (flags.for !== undefined && operation === undefined) {
      throw new UsageError(`--for: there is no operation '${flags.for}'; run 'ipvsadm explain' for the list`);
    }
    if (text === "" && operation === undefined) return this.host.stdout.writeText(renderSubjects());
    const found = findRefusals({ text: text === "" ? (operation ?? "") : text, operation });
    const fault = found.size === 0 && operation === undefined ? findCommandLineFault(simplified(text)) : undefined;
    if (fault !== undefined)
      return this.host.stdout.write(renderCommandLineFault(text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""), fault));
    if (found.size === 0) {
      const where = operation === undefined ? "" : ` for ${operation}`;
      throw new UsageError(`nothing is known of '${text}'${where}; run 'ipvsadm explain' for what is`);
    }
    const texts = Array.from(found, ([refusal, operations]) => renderExplanation(refusal, operations));
    this.host.stdout.writeText(texts.join("\n"));
  }
}
