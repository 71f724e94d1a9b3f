// needs: iproute2,kmod
/** Refusals of the real kernel, each brought about by what its explanation calls the cause. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { type ChangeInput, explainRefusal, Ipvs } from "ipvsadm";

const sh = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: "pipe", encoding: "utf8" });

const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const web6 = { protocol: "tcp", address: "2001:db8::10", port: 80 } as const;
const mixed: ChangeInput = {
  command: "add-destination",
  service: web,
  destination: { address: "2001:db8::1", port: 80, forward: "tunnel" },
};
const daemon: ChangeInput = { command: "start-daemon", daemon: { state: "master", interface: "lo" } };

let ipvs: Ipvs;

before(async () => {
  sh("modprobe", "ip_vs");
  sh("ip", "address", "add", "10.0.0.1/24", "dev", "lo");
  sh("ip", "address", "add", "2001:db8::1/64", "dev", "lo");
  ipvs = await Ipvs.open();
});
after(() => ipvs.close());

const add = (service: typeof web | typeof web6, destination: { address: string } & object): ChangeInput => ({
  command: "add-destination",
  service,
  destination: { forward: "masq", ...destination },
});

const cases: readonly [what: string, before: ChangeInput[], refused: ChangeInput, code: string, cause: RegExp][] = [
  [
    "a scheduler that is none",
    [],
    { command: "add-service", service: { ...web, scheduler: "nosuch" } },
    "ENOENT",
    /^the scheduler is misspelled.*ip_vs_nosuch$/,
  ],
  [
    "an engine that is none",
    [],
    { command: "add-service", service: { ...web, engine: "nosuch" } },
    "ENOENT",
    /ip_vs_pe_nosuch$/,
  ],
  [
    "a service that is there",
    [{ command: "add-service", service: web }],
    { command: "add-service", service: web },
    "EEXIST",
    /edit it/,
  ],
  [
    "a service that is not",
    [],
    { command: "delete-service", service: web },
    "ESRCH",
    /no such service: another address/,
  ],
  [
    "a mark of the other family",
    [{ command: "add-service", service: { fwmark: 7 } }],
    { command: "delete-service", service: { fwmark: 7, family: "inet6" } },
    "ESRCH",
    /one for each address family/,
  ],
  ["a server of no service", [], add(web, { address: "10.0.0.2" }), "ESRCH", /no such service/],
  [
    "a server that is there",
    [{ command: "add-service", service: web }, add(web, { address: "10.0.0.2" })],
    add(web, { address: "10.0.0.2" }),
    "EEXIST",
    /edit it/,
  ],
  [
    "a server that is not",
    [{ command: "add-service", service: web }],
    { command: "delete-destination", service: web, destination: { address: "10.0.0.2" } },
    "ENOENT",
    /no such server/,
  ],
  [
    "a broadcast address",
    [{ command: "add-service", service: web }],
    add(web, { address: "10.0.0.255" }),
    "EINVAL",
    /broadcast.*ip route get 10\.0\.0\.255$/,
  ],
  [
    "a multicast address",
    [{ command: "add-service", service: web }],
    add(web, { address: "224.0.0.1" }),
    "EINVAL",
    /multicast/,
  ],
  [
    "a link-local address",
    [{ command: "add-service", service: web6 }],
    add(web6, { address: "fe80::1" }),
    "EINVAL",
    /link-local/,
  ],
  [
    "a mapped address",
    [{ command: "add-service", service: web6 }],
    add(web6, { address: "::ffff:10.0.0.2" }),
    "EINVAL",
    /mapped/,
  ],
  [
    "the other family beside a daemon",
    [{ command: "add-service", service: web }, daemon],
    mixed,
    "EINVAL",
    /while a sync daemon runs/,
  ],
  [
    "a daemon beside the other family",
    [{ command: "add-service", service: web }, mixed],
    daemon,
    "EINVAL",
    /server of the other address family/,
  ],
  [
    "a daemon of no interface",
    [],
    { command: "start-daemon", daemon: { state: "master", interface: "nosuch" } },
    "ENODEV",
    /ip link show dev nosuch$/,
  ],
  ["a daemon that runs", [daemon], daemon, "EEXIST", /runs already/],
  ["a daemon that does not", [], { command: "stop-daemon", state: "backup", syncId: 0 }, "ESRCH", /none runs/],
];

for (const [what, preparation, refused, code, cause] of cases) {
  test(`${what} is ${code}, and explained`, async () => {
    assert.deepEqual(
      await ipvs.change(preparation),
      preparation.map(() => undefined),
    );
    const [error] = await ipvs.change([refused]);
    await ipvs.change([{ command: "stop-daemon", state: "master", syncId: 0 }, { command: "flush" }]);
    assert.equal(error?.code, code);
    assert.match(explainRefusal(error) ?? "", cause);
  });
}

test("root of a user namespace is refused, and so is a server where there is no address", () => {
  const script = (code: string) => [
    "--input-type=module",
    "-e",
    `import { Ipvs, explainRefusal } from "ipvsadm"; ${code}`,
  ];
  const tryOut = (options: string[], code: string) =>
    sh("unshare", ...options, process.execPath, ...script(code)).trim();
  const open = "await Ipvs.open().then(() => 'opened', (error) => error.code + ' ' + explainRefusal(error))";
  assert.match(tryOut(["--user", "--map-root-user", "--net"], `console.log(${open})`), /^EPERM /);
  const web = `{ protocol: "tcp", address: "192.0.2.10", port: 80 }`;
  const adding = `const ipvs = await Ipvs.open(); const web = ${web}; await ipvs.addService(web);
    console.log(await ipvs.addDestination(web, { address: "10.0.0.2" }).catch((error) => error.code)); ipvs.close();`;
  assert.equal(tryOut(["--net"], adding), "EINVAL");
});
