import { isSame } from "../../model/equality.js";
import type { ServiceKey } from "../../model/table.js";
import type { ChooseDetails } from "./reader.js";
import type { WatchedService } from "./watched-table.js";

/**
 * What netlink is asked when every change counts. Thresholds, tunnels and flags are not in /proc: they are read for each
 * service at first, then where /proc shows a change, and besides that for `refreshBudget` services a reading in turn.
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

/** Up to so many services a reading asks for everything. */
const smallTable = 500;

/** What netlink is asked for a screen: what is in the window, and what its order needs. */
export function chooseForScreen(services: () => readonly ServiceKey[], needsRates: () => boolean): ChooseDetails {
  return (table) =>
    table.size <= smallTable
      ? { everyService: true, keys: Array.from(table.values(), ({ key }) => key), forRates: true }
      : { everyService: needsRates(), keys: services(), forRates: true };
}
