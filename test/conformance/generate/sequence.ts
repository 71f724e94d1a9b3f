import type { Random } from "../../support/random.js";
import type { Command } from "../command.js";
import { command, mutate, type NamedItem, option } from "./mutate.js";
import { likelyValueOf } from "./option-values.js";
import { restoreText } from "./restore-text.js";
import { spell } from "./spell.js";
import {
  daemonState,
  netmask,
  number,
  type ServiceFamily,
  scheduler,
  schedulerFlags,
  serverAddress,
} from "./values.js";

/** A service that an earlier command of the sequence was meant to add. */
interface KnownService {
  readonly items: readonly NamedItem[];
  readonly family: ServiceFamily;
  readonly fwmark: boolean;
  readonly servers: string[];
}

const forwards = ["g", "i", "m"] as const;
const checksums = ["tun-nocsum", "tun-csum", "tun-remcsum"] as const;
const listFormats = ["stats", "rate", "thresholds", "persistent-conn", "tun-info", "exact", "nosort", "sort"] as const;

/**
 * Command lines that follow each other: it remembers what they add, so that servers find their services and changes
 * find what they change.
 */
export class Sequence {
  readonly #random: Random;
  readonly #services: KnownService[] = [];
  /** Commands so far: a sequence begins with services, so that the rest has something to work on. */
  #made = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Command {
    const random = this.#random;
    this.#made += 1;
    if (this.#made <= 3) return { args: spell(random, this.#addService()) };
    if (random.chance(0.05)) return this.#restore();
    if (random.chance(0.004))
      return { program: "ipvsadm-save", args: random.pick([[], ["-n"], ["-x"], ["-n", "y"], ["--", "-n"]]) };
    if (random.chance(0.01))
      return { args: random.pick([[], ["-h"], ["--help"], ["-v"], ["--version"], ["-hv"], ["-h", "x"]]) };
    const args = this.words(this.#weights);
    return { args };
  }

  /** One command line of the kinds given, wrong in some way every fourth time. */
  words(kinds: readonly (readonly [number, () => NamedItem[]])[]): string[] {
    const random = this.#random;
    const known = this.#services.length;
    let items = random.weighted(kinds)();
    if (random.chance(0.24)) {
      do items = mutate(random, items);
      while (random.chance(0.2));
      // What is added with a fault is mostly not added.
      this.#services.length = Math.min(known, this.#services.length);
    }
    const words = spell(random, items);
    // The three numbers of --set are words of their own.
    return items[0]?.name === "set" ? [...words, ...this.#timeouts()] : words;
  }

  #restore(): Command {
    const random = this.#random;
    const daemon = random.chance(0.5) ? this.#startDaemon : this.#stopDaemon;
    const kinds = [
      ...this.#changes,
      [1, daemon] as const,
      [
        1,
        () => [
          command("L"),
          ...(random.chance(0.5) ? this.#service() : [option(random, random.pick(["timeout", "daemon"]))]),
        ],
      ] as const,
      [0.3, () => [command("R")]] as const,
      [0.3, () => [command(random.pick(["S", "h", "v"]))]] as const,
    ];
    const lines = Array.from({ length: 1 + random.below(random.pick([2, 8, 25])) }, () => this.words(kinds));
    const args = random.weighted([
      [10, ["-R"]],
      [3, ["--restore"]],
      [1, random.pick([["-R", "x"], ["-Rn"], ["-R", "-n"], ["-R", "-t", "1.2.3.4:80"]])],
    ]);
    return {
      program: random.chance(0.04) ? "ipvsadm-restore" : "ipvsadm",
      args: random.chance(0.04) ? [] : args,
      stdin: restoreText(random, lines),
    };
  }

  readonly #addService = (): NamedItem[] => {
    const random = this.#random;
    if (this.#services.length > 0 && random.chance(0.06)) return [command("A"), ...random.pick(this.#services).items];
    const fwmark = random.chance(0.15);
    const family = random.chance(0.65) ? "inet" : "inet6";
    const name = fwmark
      ? "f"
      : random.weighted([
          [6, "t"],
          [3, "u"],
          [1, "sctp-service"],
        ] as const);
    const key = [option(random, name)];
    if (fwmark && family === "inet6") key.push(option(random, "6"));
    const spelled = key[0]?.value ?? "";
    const known = fwmark ? family : spelled.split(":").length > 2 ? "inet6" : "inet";
    this.#services.push({ items: key, family: known, fwmark, servers: [] });
    return [command("A"), ...this.#ordered(key, this.#settings(known, name === "u" || fwmark))];
  };

  #settings(family: ServiceFamily, packets: boolean): NamedItem[] {
    const random = this.#random;
    const chosen = random.chance(0.75) ? scheduler(random) : undefined;
    const items: NamedItem[] = [];
    if (chosen !== undefined) items.push(option(random, "s", chosen));
    if (random.chance(0.35)) items.push(option(random, "p"));
    if (random.chance(0.15)) items.push(option(random, "M", netmask(random, random.chance(0.9) ? family : "inet")));
    if (random.chance(packets ? 0.3 : 0.02)) items.push(option(random, "o"));
    if (random.chance(packets ? 0.25 : 0.03)) items.push(option(random, "pe"));
    if (random.chance(chosen === "sh" || chosen === "mh" ? 0.6 : 0.08))
      items.push(option(random, "b", schedulerFlags(random, chosen)));
    return random.chance(0.3) ? random.shuffled(items) : items;
  }

  /** The key mostly first; sometimes after what depends on it (`-M` before `-t`). */
  #ordered(key: readonly NamedItem[], settings: readonly NamedItem[]): NamedItem[] {
    return this.#random.chance(0.15) ? [...settings, ...key] : [...key, ...settings];
  }

  /** The options that name a service: nearly always one that was added. */
  #service(): readonly NamedItem[] {
    const random = this.#random;
    if (this.#services.length > 0 && random.chance(0.93)) return random.pick(this.#services).items;
    const name = random.pick(["t", "u", "sctp-service", "f"]);
    return [option(random, name)];
  }

  #known(): KnownService {
    const random = this.#random;
    if (this.#services.length > 0 && random.chance(0.95)) return random.pick(this.#services);
    return { items: this.#service(), family: "inet", fwmark: false, servers: [] };
  }

  readonly #editService = (): NamedItem[] => {
    const known = this.#known();
    return [
      command("E"),
      ...this.#ordered(known.items, this.#settings(known.family, known.fwmark || known.items[0]?.name === "u")),
    ];
  };

  readonly #deleteService = (): NamedItem[] => {
    const items = this.#service();
    this.#forget((known) => known.items !== items);
    return [command("D"), ...items];
  };

  readonly #flush = (): NamedItem[] => {
    this.#forget(() => false);
    this.#made = 0;
    return [command("C")];
  };

  /** Services that are gone stay in mind now and then, for commands on what is not there. */
  #forget(stays: (known: KnownService) => boolean): void {
    if (this.#random.chance(0.2)) return;
    this.#services.splice(0, this.#services.length, ...this.#services.filter(stays));
  }

  readonly #addServer = (): NamedItem[] => {
    const random = this.#random;
    const known = this.#known();
    const tunnel = random.chance(0.3);
    const family = random.chance(tunnel ? 0.6 : 0.95) ? known.family : random.pick(["inet", "inet6"] as const);
    const address = serverAddress(random, family);
    known.servers.push(address);
    return [command("a"), ...known.items, option(random, "r", address), ...this.#serverSettings(tunnel)];
  };

  #serverSettings(tunnel: boolean): NamedItem[] {
    const random = this.#random;
    const items: NamedItem[] = [];
    if (tunnel) items.push(option(random, "i"), ...this.#tunnel());
    else if (random.chance(0.7)) items.push(option(random, random.pick(forwards)));
    if (random.chance(0.5)) items.push(option(random, "w"));
    if (random.chance(0.15)) items.push(option(random, "x"));
    if (random.chance(0.15)) items.push(option(random, "y"));
    return random.chance(0.3) ? random.shuffled(items) : items;
  }

  #tunnel(): NamedItem[] {
    const random = this.#random;
    if (random.chance(0.35)) return [];
    const type = likelyValueOf["tun-type"]?.(random) ?? "";
    const items = [option(random, "tun-type", type)];
    if (random.chance(type === "gue" ? 0.92 : 0.05)) items.push(option(random, "tun-port"));
    if (type !== "ipip" || random.chance(0.1))
      items.push(
        ...random
          .some(checksums, 0.3)
          .slice(0, random.chance(0.9) ? 1 : 3)
          .map((name) => option(random, name)),
      );
    return items;
  }

  readonly #editServer = (): NamedItem[] => {
    const random = this.#random;
    const known = this.#known();
    return [
      command("e"),
      ...known.items,
      option(random, "r", this.#server(known)),
      ...this.#serverSettings(random.chance(0.3)),
    ];
  };

  #server(known: KnownService): string {
    return known.servers.length > 0 && this.#random.chance(0.9)
      ? this.#random.pick(known.servers)
      : serverAddress(this.#random, known.family);
  }

  readonly #deleteServer = (): NamedItem[] => {
    const known = this.#known();
    return [command("d"), ...known.items, option(this.#random, "r", this.#server(known))];
  };

  readonly #list = (): NamedItem[] => {
    const random = this.#random;
    const numeric = random.chance(0.8) ? [option(random, "n")] : [];
    const subject = random.weighted<() => readonly NamedItem[]>([
      [10, () => []],
      [4, () => this.#service()],
      [1, () => [option(random, "c")]],
      [1, () => [option(random, "timeout")]],
      [1, () => [option(random, "daemon")]],
    ])();
    const formats = random.chance(0.6) ? random.some(listFormats, 0.2).map((name) => option(random, name)) : [];
    return [command(random.pick(["L", "L", "L", "l"])), ...numeric, ...random.shuffled([...subject, ...formats])];
  };

  readonly #save = (): NamedItem[] => [command("S"), ...(this.#random.chance(0.8) ? [option(this.#random, "n")] : [])];
  readonly #set = (): NamedItem[] => [command("set")];

  #timeouts(): string[] {
    const random = this.#random;
    const count = random.chance(0.93) ? 3 : random.below(6);
    return Array.from({ length: count }, () => number(random, "0", "1", "900", "120", "300", "86400"));
  }

  readonly #startDaemon = (): NamedItem[] => {
    const random = this.#random;
    const names = ["syncid", "sync-maxlen", "mcast-group", "mcast-port", "mcast-ttl"];
    const items = random.some(names, 0.3).map((name) => option(random, name));
    if (random.chance(0.9)) items.push(option(random, "mcast-interface"));
    return [command("start-daemon", daemonState(random)), ...random.shuffled(items)];
  };

  readonly #stopDaemon = (): NamedItem[] => {
    const random = this.#random;
    return [command("stop-daemon", daemonState(random)), ...(random.chance(0.2) ? [option(random, "syncid")] : [])];
  };

  readonly #changes = [
    [16, this.#addService],
    [28, this.#addServer],
    [7, this.#editService],
    [10, this.#editServer],
    [5, this.#deleteServer],
    [2, this.#deleteService],
    [0.3, this.#flush],
    [2, () => [command("Z"), ...(this.#random.chance(0.5) ? this.#service() : [])]],
    [1.5, this.#set],
  ] as const;

  readonly #weights = [
    ...this.#changes,
    [16, this.#list],
    [4, this.#save],
    [2.5, this.#startDaemon],
    [2, this.#stopDaemon],
  ] as const;
}
