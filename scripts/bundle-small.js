// bundle-small.js FOLDER: makes the ES modules of the small executable; bun runs it. The entry is FOLDER/small.js. Modules
// that are imported when they are needed are files of their own, as is what several of them share.
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/", import.meta.url));

/** Modules that have another of the same name for QuickJS, in a folder `quickjs`. */
const twins = ["bytes/bytes", "bytes/is-utf8", "platform/clock", "platform/process"];

const quickjs = {
  name: "quickjs",
  setup(build) {
    for (const twin of twins) {
      const [folder, file] = twin.split("/");
      build.onResolve({ filter: new RegExp(`/${file}\\.js$`) }, ({ path, importer }) =>
        Bun.resolveSync(path, importer.replace(/[^/]*$/, "")) === `${source}${twin}.ts`
          ? { path: `${source}${folder}/quickjs/${file}.ts` }
          : undefined,
      );
    }
    build.onResolve({ filter: /^chalk$/ }, () => ({ path: `${source}format/json/quickjs/chalk.ts` }));
    // Only the full executable has verbs, and the parts of the host that only they load.
    build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) =>
      kind === "dynamic-import" && /^(commands|host|names)\//.test(importer.slice(source.length))
        ? { path, external: true }
        : undefined,
    );
  },
};

const { outputs } = await Bun.build({
  entrypoints: [`${source}entry/small.ts`],
  outdir: process.argv[2],
  target: "node",
  format: "esm",
  splitting: true,
  minify: true,
  naming: { entry: "[name].js", chunk: "[hash].js" },
  external: ["host"],
  plugins: [quickjs],
});

// import() needs to know its own module, which bytecode without debug information does not.
for (const { path } of outputs) {
  const text = await Bun.file(path).text();
  const foreign = /\b(Buffer|process|TextDecoder|performance|setTimeout)\b[.(]|"node:|\bimport\.meta\b/.exec(text);
  if (foreign) throw new Error(`${path}: QuickJS has no ${foreign[0]}`);
  await Bun.write(path, text.replaceAll(/\bimport\("\.\/([^"]*)"\)/g, 'importModule("$1")'));
}
