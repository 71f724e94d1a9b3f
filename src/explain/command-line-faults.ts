/** What ipvsadm itself refuses, before the kernel is asked: the sentences of the old grammar, declared once. */
import { largestInteger, largestPort } from "../model/limits.js";

/** A sentence that ipvsadm prints about a command line, and what is behind it. */
export interface CommandLineFault {
  /** Matches the sentence in lower case, with whatever is quoted in it. */
  readonly sentence: RegExp;
  readonly check: string;
  readonly causes: readonly [
    { readonly text: string; readonly command: string },
    ...{ text: string; command: string }[],
  ];
}

const example = "ipvsadm -A -t 192.0.2.10:80 -s wrr";
const manual = "man ipvsadm";

export const commandLineFaults: readonly CommandLineFault[] = [
  {
    sentence: /^zero port specified for non-persistent service$/,
    check: "A service of every port (port 0, or none) is persistent.",
    causes: [
      { text: "the port is missing", command: example },
      { text: "every port is meant, which takes persistence (-p)", command: "ipvsadm -A -t 192.0.2.10:0 -p" },
    ],
  },
  {
    sentence: /^one-packet scheduling is only for udp virtual services$/,
    check: "The service of --ops is one of UDP or of a firewall mark.",
    causes: [{ text: "-o was given with a TCP or SCTP service", command: "ipvsadm -A -u 192.0.2.10:53 -o" }],
  },
  {
    sentence: /^different address family is allowed only for tunneling servers$/,
    check: "Service and server have the same address family, or the server has the forwarding method tunnel.",
    causes: [
      { text: "one address is IPv4 and the other IPv6", command: "ipvsadm -a -t SERVICE -r SERVER -i" },
      { text: "the mark is one of IPv6, for which -6 is missing", command: "ipvsadm -a -f MARK -6 -r SERVER" },
    ],
  },
  {
    sentence: /^tunnel options conflict with forward method$/,
    check: "Options of a tunnel come with -i.",
    causes: [{ text: "-i is missing", command: "ipvsadm -a -t SERVICE -r SERVER -i --tun-type gue --tun-port 6080" }],
  },
  {
    sentence: /^options conflicts in the list command$/,
    check: "Connections, timeouts and daemons have no --stats, --rate or --thresholds.",
    causes: [{ text: "a view of services was asked for something else", command: "ipvsadm -Ln --stats" }],
  },
  {
    sentence: /^illegal (virtual|real) server address\[:port\] specified$/,
    check: "An address is numeric or a name that resolves, a port is a number or a name of /etc/services.",
    causes: [
      { text: "the name of the host or of the port cannot be resolved", command: "getent ahosts HOST" },
      { text: "an IPv6 address with a port needs brackets", command: "ipvsadm -A -t '[2001:db8::1]:80'" },
    ],
  },
  {
    sentence: /^illegal virtual server persistent mask specified$|^illegal ipv6 netmask specified$/,
    check: "The netmask of persistence (-M) is a mask such as 255.255.255.0, or of IPv6 a length from 1 to 128.",
    causes: [
      { text: "a mask of the other address family was given", command: "ipvsadm -A -t SERVICE -p -M 255.255.255.0" },
    ],
  },
  {
    sentence: /^illegal tunnel type specified$/,
    check: "The type of a tunnel is ipip, gue or gre.",
    causes: [{ text: "the type is misspelled", command: manual }],
  },
  {
    sentence: /^illegal (start-daemon parameter|start_daemon) specified$/,
    check: "A sync daemon is master or backup.",
    causes: [{ text: "the word is misspelled", command: "ipvsadm --start-daemon master --mcast-interface eth0" }],
  },
  {
    sentence: /^illegal .* specified$/,
    check: `A number is decimal and within its range: a weight or threshold from 0 to ${largestInteger}, a port from 1 to ${largestPort}.`,
    causes: [
      { text: "it is negative, too large, or no number", command: manual },
      {
        text: "a weight relative to the present one is set by a verb",
        command: "ipvsadm set -t SERVICE -r SERVER weight=50%",
      },
    ],
  },
  {
    sentence: /^invalid fwmark value .* specified$/,
    check: "A firewall mark is a number from 1 to 4294967295.",
    causes: [{ text: "it is 0, hexadecimal, or too large", command: "ipvsadm -A -f 7" }],
  },
  {
    sentence: /^invalid timeout value .* specified$/,
    check: "A time is a number of seconds, without a unit; of persistence at least 1.",
    causes: [{ text: "it has a unit, or is too large", command: "ipvsadm --set 900 120 300" }],
  },
  {
    sentence: /^--set option requires 3 timeout values$/,
    check: "--set takes the timeouts of TCP, of TCP after FIN, and of UDP; 0 leaves one as it is.",
    causes: [{ text: "one of the three is missing", command: "ipvsadm --set 900 120 300" }],
  },
  {
    sentence: /^(invalid|incompatible) scheduler flag /,
    check: "The flags of a scheduler (-b) are flag-1 to flag-3, or the names that sh and mh have.",
    causes: [{ text: "the flag is misspelled, or belongs to another scheduler", command: manual }],
  },
  {
    sentence: /^invalid \S+ mcast-group /,
    check: "A group is a multicast address: 224.0.0.0/4 or ff00::/8.",
    causes: [
      {
        text: "the address is not one of multicast",
        command: "ipvsadm --start-daemon master --mcast-group 224.0.0.81",
      },
    ],
  },
  {
    sentence: /^-6 used before -f$/,
    check: "-6 comes after the firewall mark.",
    causes: [{ text: "the two have the wrong order", command: "ipvsadm -A -f 7 -6" }],
  },
  {
    sentence: /^you need to supply the '.*' option for /,
    check: "A command has the options that it cannot do without.",
    causes: [
      { text: "the option is missing, such as -r SERVER of -a", command: "ipvsadm -a -t SERVICE -r SERVER -m" },
      { text: "it is there, but another option took it for its value", command: manual },
    ],
  },
  {
    sentence: /^illegal '.*' option with |^the option '.*' conflicts with |^multiple '.*' options specified$/,
    check: "A command has options of its own, each at most once.",
    causes: [
      { text: "the option belongs to another command, such as -s to -A and -w to -a", command: manual },
      { text: "two of them exclude each other, such as -g, -i and -m", command: manual },
    ],
  },
  {
    sentence: /: missing argument$|: unknown option$/,
    check: "An option is spelled in full, and has its value as the next word or after an equals sign.",
    causes: [
      { text: "the value is missing, or the option is misspelled", command: "ipvsadm --help" },
      { text: "it is an option of a verb", command: "ipvsadm help" },
    ],
  },
  {
    sentence: /^invalid option |^unexpected argument |^try .* for more information$/,
    check: "A command line of options begins with one command, and has no words besides values.",
    causes: [
      { text: "a command is missing, misspelled or there twice", command: "ipvsadm --help" },
      { text: "a verb is misspelled", command: "ipvsadm help" },
    ],
  },
  {
    sentence: /^--proc takes an absolute path/,
    check: "--proc takes the absolute path of a folder such as /proc.",
    causes: [{ text: "the path is relative", command: "ls /proc" }],
  },
  {
    sentence: /^multiple 'netns' options specified$|^--netns/,
    check: "--netns is given once on a command line, with the name of a network namespace.",
    causes: [{ text: "the namespace is named elsewhere or twice", command: "ip netns list" }],
  },
];

/** What is behind a sentence of ipvsadm's about a command line, by the sentence in lower case. */
export function findCommandLineFault(sentence: string): CommandLineFault | undefined {
  return commandLineFaults.find((fault) => fault.sentence.test(sentence));
}
