import { compactStyle, type Style, terminalStyle } from "../format/json/json-style.js";
import type { Host } from "../host/host.js";
import { outputHasColors } from "../host/terminal-abilities.js";

/** The style of JSON for standard output: on a terminal indented, and colored where colors are shown. */
export async function outputJsonStyle(host: Host): Promise<Style> {
  return (await host.terminal.isOutput()) ? terminalStyle(await outputHasColors(host)) : compactStyle;
}
