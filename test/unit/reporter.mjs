// What `npm run test:unit` prints: each failure when it happens, and the numbers in the end. TAP has a block per test.
import { inspect } from "node:util";

/** Of the values that were compared, which may be whole files: the message has their difference already. */
const limits = { maxStringLength: 200, maxArrayLength: 20 };

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === "test:fail") {
      const { error } = data.details;
      yield `not ok - ${data.name}\n${inspect(error.cause ?? error, limits).replaceAll(/^/gm, "  ")}\n`;
    } else if (type === "test:diagnostic" && /^(tests|pass|fail|duration_ms) /.test(data.message)) {
      yield `# ${data.message}\n`;
    } else if (type === "test:stdout" || type === "test:stderr") yield data.message;
  }
}
