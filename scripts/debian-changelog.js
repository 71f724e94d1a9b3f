// debian-changelog.js PACKAGE VERSION MAINTAINER <CHANGELOG.md: the changelog in Debian's form. What is not released yet
// comes under VERSION, with the date of SOURCE_DATE_EPOCH.
import { readFileSync } from "node:fs";

const [packageName, currentVersion, maintainer] = process.argv.slice(2);
const built = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000);

/** `Sun, 22 Nov 2026 21:44:00 +0000` */
function renderDate(date) {
  return date.toUTCString().replace("GMT", "+0000");
}

/** The items of a section, each as one line of text without Markdown's marks. */
function itemsOf(section) {
  return section
    .split(/^- /m)
    .slice(1)
    .map((item) =>
      item
        .replace(/\n(#|\n)[\s\S]*/, "")
        .replaceAll("`", "")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
}

function wrap(text) {
  return text.replaceAll(/(.{1,74})(?: |$)/g, "    $1\n").replace("    ", "  * ");
}

const sections = readFileSync(0, "utf8").split(/^## /m).slice(1);
for (const section of sections) {
  const [, name, date] = /^\[([^\]]+)\](?: - (\S+))?/.exec(section) ?? [];
  const items = itemsOf(section);
  if (items.length === 0) continue;
  const version = name === "Unreleased" ? currentVersion : `${name}-1`;
  const when = date === undefined ? built : new Date(date);
  const distribution = date === undefined ? "UNRELEASED" : "unstable";
  process.stdout.write(`${packageName} (${version}) ${distribution}; urgency=medium\n\n`);
  process.stdout.write(items.map(wrap).join(""));
  process.stdout.write(`\n -- ${maintainer}  ${renderDate(when)}\n\n`);
}
