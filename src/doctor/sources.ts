/** What checks can declare to read besides files. It is read only for checks that declare it. */

/** Names of programs that run. */
export const programsSource = "running programs";

/** What is set at boot. */
export const bootSource = "the files of sysctl.d";

/** Weights that are held against files. */
export const overridesSource = "held weights";

/** Programs that write the table. */
export const tableWriters = ["keepalived", "ldirectord", "kube-proxy", "kube-router"] as const;

/** Programs by which directors share virtual addresses, or take them over from each other. */
export const addressMovers = [
  "keepalived",
  "bird",
  "bird6",
  "bgpd",
  "gobgpd",
  "exabgp",
  "ucarp",
  "pacemakerd",
] as const;

/** The programs that are looked for. */
export const watchedPrograms: readonly string[] = [...new Set<string>([...tableWriters, ...addressMovers])];
