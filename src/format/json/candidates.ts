/** What somebody may have meant by a word that documents do not have. */

import { findNearest } from "../../model/input/nearest-name.js";

/** Words of other programs and of ipvsadm's listings, by the words of the document. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  destinations: ["servers", "real_servers", "realservers", "reals", "backends", "members"],
  services: ["virtual_services", "virtual_servers"],
  masq: ["nat", "masquerade", "masquerading", "m"],
  route: ["dr", "direct", "direct_routing", "gateway", "gatewaying", "gate", "g"],
  tunnel: ["tun", "ipip", "tunneling", "i"],
  local: ["localnode"],
  address: ["ip", "addr", "host", "vip"],
  scheduler: ["sched", "lb_algo", "algorithm"],
  forward: ["method", "lb_kind", "forwarding", "forwarding_method"],
  persistent: ["persistence", "persistence_timeout"],
  weight: ["w"],
};

/** The candidate that a word stands for elsewhere, or that differs from it by little; undefined where there is none. */
function findCandidate(word: string, candidates: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll("-", "_");
  const known = candidates.find(
    (one) => one === plain || (Object.hasOwn(otherWords, one) && otherWords[one]?.includes(plain)),
  );
  return known ?? findNearest(plain, candidates);
}

/** `; did you mean weight?`, or nothing. */
export function suggestWord(word: string, candidates: readonly string[]): string {
  const found = findCandidate(word, candidates);
  return found === undefined ? "" : `; did you mean ${found}?`;
}
