/** The hosts of one page, as network namespaces in the guest. They see nothing that another page wrote or loaded. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Hosts } from "./check.js";
import { networkBatches } from "./network.js";
import type { Host, Page } from "./page.js";
import { Shell } from "./shell.js";

const answer = fileURLToPath(new URL("../../../test/cookbook/answer", import.meta.url));

/** Folders that a page may write to; what it wrote goes with it. /run has the namespaces, so they go, too. */
const setUp = `
mount -t tmpfs page /run
mkdir -p /run/lock /run/vsftpd/empty
for folder in etc var srv root; do
  mkdir -p /run/.page/$folder/{upper,work}
  mount -t overlay page -o lowerdir=/$folder,upperdir=/run/.page/$folder/upper,workdir=/run/.page/$folder/work /$folder
done
ln -sfn /run /var/run
modprobe -a bridge veth ip_vs
`;

/** What a command prints must not depend on who runs it. */
const hostSetUp = (host: string) => `
export LC_ALL=C.UTF-8 HOME=/root NO_COLOR=1
hostname ${host}
cd /root
`;

function loadedModules(): string[] {
  return [...readFileSync("/proc/modules", "utf8").matchAll(/^\S+/gm)].map(([name]) => name);
}

export class Lab implements Hosts {
  readonly #shells = new Map<string, Shell>();
  readonly #modules = loadedModules();
  readonly #root = new Shell(["unshare", "--mount", "bash"], setUp);

  readonly #seconds: number;

  private constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Builds the hosts of a page, and starts what they serve. A command may take so many seconds. */
  static async build(page: Page, seconds = 30): Promise<Lab> {
    const lab = new Lab(seconds);
    await lab.#must("true");
    for (const { namespace, lines } of networkBatches(page.hosts)) {
      const where = namespace === undefined ? "" : `-n ${namespace} `;
      await lab.#must(`ip ${where}-batch - <<'END'\n${lines.join("\n")}\nEND`);
    }
    await lab.#serve(page.hosts.filter(({ serves }) => serves.length > 0));
    return lab;
  }

  async #must(text: string, expected = ""): Promise<void> {
    const { output, status } = await this.#root.run(text);
    if (status !== 0 || output !== expected) throw new Error(`the network was not built: ${output}`);
  }

  async #serve(hosts: readonly Host[]): Promise<void> {
    if (hosts.length === 0) return;
    const args = hosts.flatMap(({ name, serves }) => [name, ...serves.map((service) => `'${service}'`)]).join(" ");
    await this.#must(`coproc '${answer}' ${args} && read -r ready <&"\${COPROC[0]}" && echo $ready`, "ready\n");
  }

  #shell(host: string): Shell {
    const known = this.#shells.get(host);
    if (known !== undefined) return known;
    const enter = ["nsenter", `--mount=/proc/${this.#root.pid}/ns/mnt`, "ip", "netns", "exec", host];
    const shell = new Shell([...enter, "unshare", "--uts", "bash"], hostSetUp(host));
    this.#shells.set(host, shell);
    return shell;
  }

  run(host: string, text: string): Promise<{ output: string; status: number | undefined }> {
    return this.#shell(host).run(text, this.#seconds);
  }

  async write(host: string, path: string, text: string): Promise<void> {
    const { output } = await this.run(
      host,
      `mkdir -p "$(dirname '${path}')" && cat >'${path}' <<'END OF FILE'\n${text}END OF FILE`,
    );
    if (output !== "") throw new Error(`${path}: ${output}`);
  }

  now(): number {
    return performance.now();
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Ends every process of the page, and unloads the modules that it loaded and nobody uses any more. */
  async end(): Promise<void> {
    const hosts = [...this.#shells.keys()].join(" ");
    await this.#root.run(`kill $COPROC_PID; for host in ${hosts}; do ip netns pids $host; done | xargs -r kill -KILL`);
    for (const shell of [...this.#shells.values(), this.#root]) await shell.end();
    const fresh = loadedModules().filter((name) => !this.#modules.includes(name));
    const unload = new Shell(["bash"]);
    await unload.run(`for module in ${fresh.join(" ")}; do modprobe -r $module; done`);
    await unload.end();
  }
}
