import assert from "node:assert/strict";
import { test } from "node:test";
import { scanConnections } from "../../../src/connections/scan.js";
import { anyConnection } from "../../../src/model/selection/connection-filter.js";
import { type ConnectionDiff, FollowedConnections } from "../../../src/watch/events/followed-connections.js";
import { makeHost } from "../../support/fake-host.js";

const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires";
const ends = "TCP 0A000001 C350 C0000201 0050 0A000002 0050";

/** The events of each of the readings, which have these rows. */
function follow(...readings: readonly (readonly string[])[]): ConnectionDiff[][] {
  const followed = new FollowedConnections(anyConnection);
  return readings.map((rows) => {
    const { proc } = makeHost({ files: { ip_vs_conn_sync: () => [title, ...rows, ""].join("\n") } });
    for (const _ of scanConnections(proc, "ip_vs_conn_sync", anyConnection, followed));
    return followed.finish();
  });
}

test("a connection is reported with its current state after its timer had run out", () => {
  // The kernel prints the rest of the timer, which is negative, as an unsigned number of 64 bits.
  const readings = follow(
    [`${ends} ESTABLISHED LOCAL  73786976294838206`],
    [`${ends} FIN_WAIT    LOCAL      120`],
    [],
    [],
  );
  const seen = readings.map((diffs) =>
    diffs.map(({ event, connection: { state, expires } }) => [event, state, expires]),
  );
  assert.deepEqual(seen, [[], [["state", "FIN_WAIT", 120]], [], [["gone", "FIN_WAIT", 120]]]);
});
