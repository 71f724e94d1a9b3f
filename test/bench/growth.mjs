// How cost grows with the table: the curves of a place, and their drawing.

const drawn = ["restore", "-Ln", "diff", "apply"];
const ways = ["c", "standalone"];
const titles = { c: "C", standalone: "standalone" };

/** The services of the tables with ten servers each whose curves are whole, and the results of each curve in that order. */
export function growthOf({ place, machine, date, cases }) {
  const names = drawn.filter((name) => cases.some((each) => new RegExp(`^${name} \\d+x10$`).test(each.name)));
  const resultsOf = (name, services) => cases.find((each) => each.name === `${name} ${services}x10`)?.results;
  const sizes = cases
    .flatMap(
      ({ name }) =>
        name
          .match(/ (\d+)x10$/)
          ?.slice(1)
          .map(Number) ?? [],
    )
    .filter((services, index, all) => all.indexOf(services) === index)
    .filter((services) => names.every((name) => resultsOf(name, services)))
    .sort((first, second) => first - second);
  const curves = names.map((name) => ({ name, results: sizes.map((services) => resultsOf(name, services)) }));
  return { place, machine, date, sizes, curves };
}

const panel = { width: 340, height: 210, left: 54, top: 46, gap: 70 };

/** A round number not below the given one, that four equal steps divide well. */
function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 4, 8, 10].find((factor) => factor * power >= number) * power;
}

function drawPanel({ name, results }, sizes, left) {
  const { width, height, top } = panel;
  const most = roundUp(Math.max(...results.flatMap((each) => ways.map((way) => each[way].cpu))));
  const x = (services) => (left + (width * services) / sizes.at(-1)).toFixed(1);
  const y = (seconds) => (top + height - (height * seconds) / most).toFixed(1);
  const lines = [`<text class="title" x="${left}" y="${top - 14}">${name}, seconds of processor time</text>`];
  for (let step = 0; step <= 4; step++) {
    const seconds = Number(((most * step) / 4).toPrecision(3));
    lines.push(
      `<path class="grid" d="M${left} ${y(seconds)}h${width}"/>`,
      `<text class="end" x="${left - 8}" y="${y(seconds)}" dy="4">${seconds}</text>`,
    );
  }
  for (const services of sizes) {
    lines.push(
      `<text class="middle" x="${x(services)}" y="${top + height + 18}">${services.toLocaleString("en")}</text>`,
    );
  }
  for (const way of ways) {
    const points = results.map((each, index) => [x(sizes[index]), y(each[way].cpu)]);
    const [lastX, lastY] = points.at(-1);
    lines.push(
      `<polyline class="${way}" points="${points.map((point) => point.join(",")).join(" ")}"/>`,
      ...points.map(([pointX, pointY]) => `<circle class="${way}" cx="${pointX}" cy="${pointY}" r="3.5"/>`),
      `<text class="end ${way}" x="${lastX}" y="${lastY}" dx="-10" dy="-8">${titles[way]} ${results.at(-1)[way].cpu.toFixed(1)} s</text>`,
    );
  }
  return lines;
}

const light = { paper: "#ffffff", ink: "#24292f", grid: "#d0d7de", c: "#bc4c00", standalone: "#0969da" };
const dark = { paper: "#0d1117", ink: "#c9d1d9", grid: "#30363d", c: "#f0883e", standalone: "#58a6ff" };

const colors = (palette) => [
  `.paper { fill: ${palette.paper} } .grid { stroke: ${palette.grid} } text { fill: ${palette.ink} }`,
  ...ways.map(
    (way) => `polyline.${way} { stroke: ${palette[way]} } circle.${way}, text.${way} { fill: ${palette[way]} }`,
  ),
];

/** The curves side by side as an SVG, which follows the reader's light or dark colors. */
export function drawGrowth({ sizes, curves }) {
  const { width, height, left, top, gap } = panel;
  const whole = left + curves.length * (width + gap) - gap + 30;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${top + height + 46}" role="img">`,
    `<title>Processor time by the number of services, ten servers each: ${curves.map(({ name }) => name).join(", ")}, C and standalone</title>`,
    "<style>",
    ...colors(light),
    "@media (prefers-color-scheme: dark) {",
    ...colors(dark),
    "}",
    "text { font: 12px sans-serif } polyline { fill: none; stroke-width: 2.5 }",
    ".title { font-weight: bold } .end { text-anchor: end } .middle { text-anchor: middle }",
    "</style>",
    '<rect class="paper" width="100%" height="100%"/>',
    ...curves.flatMap((curve, index) => drawPanel(curve, sizes, left + index * (width + gap))),
    `<text class="middle" x="${whole / 2}" y="${top + height + 38}">services, ten servers each</text>`,
    "</svg>",
    "",
  ].join("\n");
}
