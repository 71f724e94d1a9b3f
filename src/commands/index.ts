/** The commands by their names, for oclif's `explicit` strategy. */
import { Watch } from "./watch.js";

export const commands = { watch: Watch };
