import type { ServiceKey } from "../table.js";
import type { AddressRange } from "./address-range.js";

/** Servers: those of a range, of one service or of every one. */
export interface ServerTarget {
  readonly service?: ServiceKey | undefined;
  readonly range: AddressRange;
}
