import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryKeeper } from "./keeper.js";

/** See memoryKeeper. Node has the collector's function only in contexts that are made after this flag is set. */
export function nodeMemoryKeeper(): () => void {
  setFlagsFromString("--expose-gc");
  return memoryKeeper(process.memoryUsage.rss, runInNewContext("gc") as () => void);
}
