import { gc } from "bun";
import { memoryKeeper } from "./keeper.js";

/** See memoryKeeper. */
export const bunMemoryKeeper = () => memoryKeeper(process.memoryUsage.rss, () => gc(true));
