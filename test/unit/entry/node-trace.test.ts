import assert from "node:assert/strict";
import { test } from "node:test";
import { traceInCheckout } from "../../../src/entry/node-trace.js";
import { nodePlatform } from "../../../src/host/node-platform.js";
import { fromRoot } from "../../support/paths.js";

test("netlink is traced where the sources stand beside dist, and nowhere else", async () => {
  const checkout: { readonly traceInCheckout: typeof traceInCheckout } = await import(
    fromRoot("dist/entry/node-trace.js")
  );
  assert.notEqual(checkout.traceInCheckout(nodePlatform).trace, undefined);
  // The tests themselves are compiled into another folder.
  assert.equal(traceInCheckout(nodePlatform), nodePlatform);
});
