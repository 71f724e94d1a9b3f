/** The first words that are commands of oclif's kind: everything else belongs to the original's grammar. */
export const commandNames: readonly string[] = ["watch", "help"];
