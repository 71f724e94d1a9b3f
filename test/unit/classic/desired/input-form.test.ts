import assert from "node:assert/strict";
import { test } from "node:test";
import { type InputForm, recognizeForm } from "../../../../src/classic/desired/input-form.js";

const utf16 = (text: string) => Buffer.from(text, "utf16le");

const forms: readonly (readonly [what: string, bytes: Buffer | string, form: InputForm | undefined, name?: string])[] =
  [
    ["an object", ' \r\n\t{"a":1}', "json"],
    ["a list", "[]", "json"],
    ["an object after a mark", "\ufeff{}", "json"],
    ["UTF-16, big-endian", utf16("{}").swap16(), "json"],
    ["UTF-16, little-endian", utf16("{}"), "json"],
    ["UTF-16 with a mark", utf16("\ufeff{}"), "yaml"],
    ["brackets after a comment", "# a\n{}", "yaml"],
    ["YAML", "ipvs:\n  schema: 1\n", "yaml"],
    ["YAML after a mark", "\ufeffipvs:\n", "yaml"],
    ["the beginning of a YAML document", "---\nipvs: 1\n", "yaml"],
    ["a YAML directive", "%YAML 1.2\n", "yaml"],
    ["a YAML list", "- a\n", "yaml"],
    ["a rule", "-A -t 10.0.0.1:80\n", "rules"],
    ["a rule after comments and blanks", "# {\n \n  # a: b\n  -A -t 10.0.0.1:80\n", "rules"],
    ["a rule after a mark", "\ufeff-A -t 10.0.0.1:80\n", "rules"],
    ["a long option", "--set 1 2 3", "rules"],
    ["a rule with its program", "ipvsadm -A -f 1", "rules"],
    ["nothing", "", undefined],
    ["blanks", " \r\n\t\n", undefined],
    ["only comments", "# a\n#b", undefined],
    ["only a mark", "\ufeff", undefined],
    ["rules in a file of YAML", "-A -f 1\n", "yaml", "/etc/a.b/table.yaml"],
    ["rules in a file of YAML with a short ending", "-A -f 1\n", "yaml", "table.YML"],
    ["YAML in a file of JSON", "a: 1\n", "json", "table.json"],
    ["nothing in a file of JSON", "\n", undefined, "table.json"],
    ["JSON in a file of another ending", "{}", "json", "table.rules"],
    ["JSON in a file whose folder has an ending", "{}", "json", "/etc/a.yaml/table"],
    ["YAML in a file with a name that JavaScript has too", "a: 1", "yaml", "table.constructor"],
  ];

for (const [what, bytes, form, name] of forms) {
  test(`${what}: ${form ?? "no form"}`, () => {
    assert.equal(recognizeForm(Buffer.from(bytes as string), name), form);
  });
}
