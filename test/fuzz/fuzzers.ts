import { documentFuzzer } from "./documents.js";
import type { Fuzzer } from "./fuzzer.js";
import { netlinkFuzzer } from "./netlink.js";
import { procFuzzer } from "./proc.js";
import { ruleFuzzer } from "./rules.js";
import { yamlFuzzer } from "./yaml.js";

export const fuzzers: readonly Fuzzer[] = [netlinkFuzzer, procFuzzer, ruleFuzzer, documentFuzzer, yamlFuzzer];
