// bundle-standalone.js FILE [ARCHITECTURE BUN]: makes the standalone executable FILE, for another architecture of the bun that
// is there; bun runs it.

// oclif looks for commands of plugins in folders by tinyglobby, which asks for an optional package when it is loaded: an
// executable would look for that in the current folder. Ours has no plugins.
const noFolders = {
  name: "no folders",
  setup(build) {
    build.onResolve({ filter: /^tinyglobby$/ }, ({ path }) => ({ path, namespace: "none" }));
    build.onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "export const glob = () => [];" }));
  },
};

const [file, architecture, executablePath] = process.argv.slice(2);
const foreign = executablePath && {
  target: `bun-linux-${architecture === "amd64" ? "x64" : architecture}`,
  executablePath,
};

// What makes a start fast: modules in chunks, so that only those of the command at hand are evaluated, and code that is
// compiled to machine code later than usual, so that a short run starts no thread for that; long runs do not suffer.
await Bun.build({
  entrypoints: [new URL("../src/entry/standalone.ts", import.meta.url).pathname],
  target: "bun",
  format: "esm",
  splitting: true,
  bytecode: true,
  minify: true,
  plugins: [noFolders],
  compile: {
    outfile: file,
    ...foreign,
    jitPolicy: 10,
    // A bunfig.toml or .env in the current folder would be read, and run, by the executable.
    autoloadBunfig: false,
    autoloadDotenv: false,
    autoloadTsconfig: false,
    autoloadPackageJson: false,
  },
});
