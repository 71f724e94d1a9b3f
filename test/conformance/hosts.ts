import { hosts } from "./generate/vocabulary.js";

/** Prints the lines that the guest's /etc/hosts needs for the names in generated commands. */
for (const words of hosts) console.log(words.join("\t"));
