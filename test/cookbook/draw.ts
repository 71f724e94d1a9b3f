/** Draws the pictures of the cookbook's pages. */
import { readFileSync, writeFileSync } from "node:fs";
import { drawPacketPictures } from "./packet-pictures.js";
import { parsePage } from "./page.js";
import { cookbook, pagesNamed, pictures } from "./pages.js";
import { drawPicture } from "./picture.js";
import { drawSchedulerPlot, readSchedulerFigures } from "./scheduler-plot.js";

for (const name of pagesNamed([])) {
  const page = parsePage(`docs/cookbook/${name}`, readFileSync(`${cookbook}/${name}`, "utf8"));
  if (page.steps.length > 0) writeFileSync(`${cookbook}/${name.replace(/\.md$/, ".svg")}`, drawPicture(page));
  const figures = readSchedulerFigures(page);
  if (figures.length > 0) writeFileSync(`${cookbook}/who-got-what.svg`, drawSchedulerPlot(figures));
}

for (const [name, picture] of drawPacketPictures()) writeFileSync(`${pictures}/${name}`, picture);
