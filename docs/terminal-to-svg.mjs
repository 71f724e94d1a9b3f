// terminal-to-svg.mjs TITLE: what `tmux capture-pane -pe` prints, on standard input, as an SVG picture on standard output.
import { readFileSync } from "node:fs";

const colors = { 31: "#ff6b6b", 32: "#69db7c", 33: "#ffd43b" };
const [foreground, background] = ["#d8dee9", "#1b1f27"];
const [columnWidth, lineHeight, margin] = [8.4, 19, 14];

const escapeText = (text) =>
  text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character]);

/** The runs of a line that look the same: text, first column and style. The style goes on in the next line. */
function parseLine(line, style) {
  const runs = [];
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told so.
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (text !== undefined) {
      runs.push({ text, column, style: { ...style } });
      column += [...text].length;
      continue;
    }
    for (const code of codes === "" ? [0] : codes.split(";").map(Number)) {
      if (code === 0) for (const name of Object.keys(style)) delete style[name];
      else if (code === 1) style.bold = true;
      else if (code === 2) style.dim = true;
      else if (code === 7) style.inverse = true;
      else if (code === 22) style.bold = style.dim = false;
      else if (code === 27) style.inverse = false;
      else if (code === 39) style.color = undefined;
      else if (code in colors) style.color = colors[code];
    }
  }
  return runs;
}

function renderRun({ text, column, style }, line) {
  const [x, y] = [margin + column * columnWidth, margin + line * lineHeight];
  const width = [...text].length * columnWidth;
  const color = style.inverse ? background : (style.color ?? foreground);
  const box = style.inverse
    ? `<rect x="${x}" y="${y}" width="${width}" height="${lineHeight}" fill="${foreground}"/>`
    : "";
  const attributes = `fill="${color}"${style.bold ? ' font-weight="bold"' : ""}${style.dim ? ' opacity="0.6"' : ""}`;
  const words =
    text.trim() === ""
      ? ""
      : `<text x="${x}" y="${y + 14}" textLength="${width}" ${attributes}>${escapeText(text)}</text>`;
  return box + words;
}

const lines = readFileSync(0, "utf8").replace(/\n$/, "").split("\n");
const style = {};
const parsed = lines.map((line) => parseLine(line, style));
const columns = Math.max(...parsed.flat().map(({ text, column }) => column + [...text].length));
const [width, height] = [columns * columnWidth + 2 * margin, lines.length * lineHeight + 2 * margin].map(Math.round);
console.log(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${process.argv[2]}</title>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${parsed
  .map((runs, line) => runs.map((run) => renderRun(run, line)).join(""))
  .filter(Boolean)
  .join("\n")}
</g>
</svg>`);
