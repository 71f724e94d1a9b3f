import { isSame } from "../../model/equality.js";
import type { ServiceKey } from "../../model/table.js";
import type { ChooseDetails } from "./reader.js";
import type { WatchedService } from "./watched-table.js";

/**
 * The details to request when every change counts. Thresholds, tunnels and flags are not in /proc. They are read for each
 * service at first, then where /proc shows a change, and besides that for `refreshBudget` services per reading, in turn.
 */
export function chooseForEvents(refreshBudget: number): ChooseDetails {
  let position = 0;
  return (table, before) => {
    const keys: ServiceKey[] = [];
    let index = 0;
    for (const [identity, service] of table) {
      const known = before.get(identity);
      const isDue = index >= position && index < position + refreshBudget;
      if (known === undefined || isDue || (known !== service && !sameSettings(known, service))) keys.push(service.key);
      index++;
    }
    position = position + refreshBudget < table.size ? position + refreshBudget : 0;
    return { everyService: before.size === 0, keys };
  };
}

function sameSettings(before: WatchedService, after: WatchedService): boolean {
  if (before.destinations.size !== after.destinations.size || !isSame(before.facts, after.facts)) return false;
  for (const [identity, { facts }] of after.destinations) {
    const known = before.destinations.get(identity);
    if (known === undefined || !isSame(known.facts, facts)) return false;
  }
  return true;
}

/** Each reading of a table with up to so many services requests everything. */
const smallTable = 500;

/** The details to request for a screen: those in the window, and those that its order needs. */
export function chooseForScreen(services: () => readonly ServiceKey[], needsRates: () => boolean): ChooseDetails {
  return (table) =>
    table.size <= smallTable
      ? { everyService: true, keys: Array.from(table.values(), ({ key }) => key), forRates: true }
      : { everyService: needsRates(), keys: services(), forRates: true };
}
