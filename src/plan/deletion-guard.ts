import type { Plan } from "../model/changes/plan.js";
import { serviceIdentity } from "../model/identity.js";

/** How many of the services a plan may delete: a number of them, or a percentage of those that there are. */
export type DeletionLimit = { readonly services: number } | { readonly percent: number };

/** The limit without an option: at most half of the services. */
export const defaultDeletionLimit: DeletionLimit = { percent: 50 };

/**
 * What a plan deletes beyond the limit, as one sentence; undefined where it stays within. It must not take all servers from
 * a service that stays either, unless the limit is 100 %. This protects from an empty or truncated file.
 */
export function findExcess({ before, after }: Plan, total: number, limit: DeletionLimit): string | undefined {
  if ("percent" in limit && limit.percent >= 100) return undefined;
  const stays = new Map((after.services ?? []).map((entry) => [serviceIdentity(entry.service), entry]));
  const existing = before.services ?? [];
  const deleted = existing.filter(({ service }) => !stays.has(serviceIdentity(service))).length;
  const allowed = "percent" in limit ? (total * limit.percent) / 100 : limit.services;
  if (deleted > allowed) {
    const most = "percent" in limit ? `${limit.percent} %` : `${limit.services}`;
    return `${deleted} of ${total} services would be deleted, and at most ${most} may be`;
  }
  const emptied = existing.find(({ service, destinations }) => {
    const next = stays.get(serviceIdentity(service));
    return next !== undefined && destinations.length > 0 && next.destinations.length === 0;
  });
  return emptied && `${serviceIdentity(emptied.service)} would lose all of its servers`;
}
