import assert from "node:assert/strict";
import { test } from "node:test";
import { renderDaemon, renderTimeouts } from "../../../../src/format/text/setting-lines.js";

test("timeouts", () => {
  assert.equal(renderTimeouts({ tcp: 900, tcpFin: 120, udp: 300 }), "Timeout (tcp tcpfin udp): 900 120 300");
});

test("daemons show what the kernel tells of them", () => {
  assert.equal(
    renderDaemon({ state: "backup", interface: "eth0", syncId: 0 }),
    "backup sync daemon (mcast=eth0, syncid=0)",
  );
  assert.equal(
    renderDaemon({
      state: "master",
      interface: "eth0",
      syncId: 1,
      syncMaxLength: 1460,
      multicastGroup: "224.0.0.81",
      multicastPort: 8848,
      multicastTtl: 1,
    }),
    "master sync daemon (mcast=eth0, syncid=1, maxlen=1460, group=224.0.0.81, port=8848, ttl=1)",
  );
});
