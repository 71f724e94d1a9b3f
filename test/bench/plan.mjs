// What is compared, where, and what must hold.

const project = new URL("../../", import.meta.url).pathname;
const node = Bun.which("node") ?? "node";

/** The programs, as the beginnings of their command lines. The C program is the measure of the others. */
export const programs = {
  c: ["/sbin/ipvsadm"],
  standalone: [`${project}dist/standalone/ipvsadm`],
  node: [node, `${project}bin/ipvsadm.js`],
};

/** What a runtime takes to start without our program, by name: the way that is compared with it, and its command. */
export const runtimes = {
  /** Node, before it has read a program. */
  "node -e 0": { way: "node", command: () => [node, "-e", "0"] },
  /** Bun's executable that does the least for `-Ln`: least.mjs, which `run` compiles to the folder of the results. */
  least: { way: "standalone", words: "-Ln", command: (folder) => [`${folder}/least`] },
};

/** Where to measure, and the tables there (services x servers each) where no others are given. */
export const places = {
  native: { title: "native, no kernel with IPVS", sizes: [] },
  uml: { title: "User-Mode Linux, one processor", sizes: ["1000x10", "5000x10", "100x100"] },
  qemu: { title: "QEMU, software emulation", sizes: ["1000x10", "5000x10"] },
};

/**
 * The limits: processor time as a ratio to the C program's (or to `base`), and peak memory in MiB. A limit without a place
 * holds in every one.
 */
export const musts = [
  { place: "native", name: "start -Ln", ratio: 2.5 },
  { place: "native", name: "start -Ln", way: "node", base: "node -e 0", ratio: 1.5 },
  { place: "uml", name: "restore 5000x10", ratio: 0.12 },
  { place: "qemu", name: "restore 1000x10", ratio: 0.35 },
  { name: "-Ln 5000x10", ratio: 0.5, memory: 96 },
  { name: "-Lnc 500000", ratio: 0.5, memory: 96 },
];
