// third-party-licenses.js: the names and licenses of what the standalone executable contains besides the project's own code.
import { readdirSync, readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));

function render(path) {
  const { name = path.replace(/.*node_modules\//, ""), version, license } = packages[path];
  const heading = `${name} ${version} (${license})`;
  const texts = readdirSync(path)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(`${path}/${file}`, "utf8").trim());
  return `${[heading, "=".repeat(heading.length), ...texts].join("\n\n")}\n`;
}

const runtime = packages["node_modules/bun"];
process.stdout.write(
  `Bun ${runtime.version} (${runtime.license})\n\nThe JavaScript runtime. Its license, and those of the libraries in it, among them JavaScriptCore (LGPL-2), are at\nhttps://bun.sh/docs/project/licensing\n\n`,
);
const bundled = Object.keys(packages)
  .filter((path) => path !== "" && packages[path].dev !== true && packages[path].optional !== true)
  .sort();
process.stdout.write(bundled.map(render).join("\n"));
