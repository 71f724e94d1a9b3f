import {
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from "../../src/netlink/codec/message.js";
import { NetlinkError, netlinkError } from "../../src/netlink/codec/netlink-error.js";
import { concat, hex, message } from "../support/bytes.js";
import { captures } from "../support/captures.js";
import type { Random } from "../support/random.js";
import { changeAttributes, type RawAttribute } from "./attributes.js";
import { int32, ipvsFamily, type Reply } from "./model-kernel.js";

/** The datagrams of an answer, one after the other, each of messages; or an error of the socket in the place of one. */
export type Answer = readonly (readonly Reply[] | NetlinkError)[];

/** What was asked, as far as edits need to know: the sequence numbers of the messages. */
export interface Asked {
  readonly first: number;
  readonly last: number;
}

type Edit = (answer: Answer, random: Random, asked: Asked) => Answer;

const headerLength = 4;

/** Edits one message at random. */
function ofMessage(edit: (reply: Reply, random: Random) => Reply): Edit {
  return (answer, random) => {
    const chosen = random.below(answer.length);
    return answer.map((datagram, index) => {
      if (index !== chosen || datagram instanceof NetlinkError) return datagram;
      const position = random.below(datagram.length);
      return datagram.map((reply, place) => (place === position ? edit(reply, random) : reply));
    });
  };
}

/** Edits one message, or puts others around it. */
function aroundMessage(edit: (reply: Reply, random: Random, asked: Asked) => readonly Reply[]): Edit {
  return (answer, random, asked) => {
    const chosen = random.below(answer.length);
    return answer.map((datagram, index) => {
      if (index !== chosen || datagram instanceof NetlinkError) return datagram;
      const position = random.below(datagram.length);
      return datagram.flatMap((reply, place) => (place === position ? edit(reply, random, asked) : [reply]));
    });
  };
}

/** Edits a list of attributes, of whichever nest. */
function ofAttributes(edit: (attributes: readonly RawAttribute[], random: Random) => readonly RawAttribute[]): Edit {
  return ofMessage((reply, random) => {
    const [header, attributes] = [reply.payload.slice(0, headerLength), reply.payload.slice(headerLength)];
    if (reply.type < NLMSG_OVERRUN) return reply;
    const descend = () => random.chance(0.8);
    const changed = changeAttributes(attributes, descend, (list) => edit(list, random));
    return { ...reply, payload: concat(header, changed) };
  });
}

/** Edits one attribute. */
function ofAttribute(edit: (attribute: RawAttribute, random: Random) => readonly RawAttribute[]): Edit {
  return ofAttributes((attributes, random) => {
    const chosen = random.below(attributes.length);
    return attributes.flatMap((attribute, index) => (index === chosen ? edit(attribute, random) : [attribute]));
  });
}

function ofDatagrams(edit: (answer: Answer, position: number, random: Random) => Answer): Edit {
  return (answer, random) => edit(answer, random.below(answer.length), random);
}

function randomBytes(random: Random, longest: number): Uint8Array {
  const length = random.below(longest + 1);
  const make = random.pick([() => random.below(256), () => 0, () => 0xff]);
  return Uint8Array.from({ length }, make);
}

/** Numbers at which something ends. */
const edges = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 20, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff];
const largeEdges = [...edges, 0x10000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Real payloads, which may be answers as well as questions. */
const realPayloads = captures.map(({ payload }) => hex(payload));

const foreignTypes = [0, NLMSG_ERROR, NLMSG_DONE, ipvsFamily, 16];

/** What a kernel may do, now or one day: the client's answer is the same. */
export const harmlessEdits = {
  "each message in a datagram of its own": (answer) =>
    answer.flatMap(
      (datagram): Answer => (datagram instanceof NetlinkError ? [datagram] : datagram.map((reply) => [reply])),
    ),
  "two datagrams as one": ofDatagrams((answer, position) => {
    const [one, other] = [answer[position], answer[position + 1]];
    if (one === undefined || one instanceof NetlinkError) return answer;
    if (other === undefined || other instanceof NetlinkError) return answer;
    return [...answer.slice(0, position), [...one, ...other], ...answer.slice(position + 2)];
  }),
  "a message without meaning": aroundMessage((reply) => [{ ...reply, type: NLMSG_NOOP }, reply]),
  "a message to somebody else": aroundMessage((reply, random, { first, last }) => {
    const distance = 1 + random.below(3);
    const sequence = random.chance(0.5) ? last + distance : first - distance;
    return [{ ...reply, type: random.pick(foreignTypes), sequence: sequence >>> 0 }, reply];
  }),
  "an attribute that nobody knows": ofAttributes((attributes, random) => {
    const added = { type: 64 + random.below(0x3fc0), value: randomBytes(random, 40) };
    const position = random.below(attributes.length + 1);
    return [...attributes.slice(0, position), added, ...attributes.slice(position)];
  }),
  "flags of an attribute's type": ofAttribute((attribute, random) => [
    // No leaf becomes a nest: a later edit would take its bytes for attributes.
    { ...attribute, type: random.chance(0.5) ? attribute.type ^ 0x4000 : attribute.type & 0x3fff },
  ]),
  "another generic header": ofMessage((reply, random) => {
    if (reply.type < NLMSG_OVERRUN) return reply;
    return { ...reply, payload: concat(Uint8Array.from(int32(random.below(2 ** 32))), reply.payload.slice(4)) };
  }),
  // The client repeats a dump, so that its messages may have been anything.
  "an interrupted dump": ofMessage((reply, random) => {
    if ((reply.flags & NLM_F_MULTI) === 0) return reply;
    const payload = reply.type < NLMSG_OVERRUN ? reply.payload : randomBytes(random, 30);
    return { ...reply, flags: reply.flags | NLM_F_DUMP_INTR, NLM_F_MULTI, payload };
  }),
  "a signal": (answer, random) => {
    const position = random.below(answer.length + 1);
    return [...answer.slice(0, position), netlinkError("EINTR"), ...answer.slice(position)];
  },
} satisfies Readonly<Record<string, Edit>>;

/** What no kernel should do. */
export const harmfulEdits = {
  "a lost datagram": ofDatagrams((answer, position) => answer.toSpliced(position, 1)),
  "a datagram twice": ofDatagrams((answer, position) => [...answer.slice(0, position + 1), ...answer.slice(position)]),
  "datagrams in disorder": (answer, random) => random.shuffled(answer),
  "an empty datagram": ofDatagrams((answer, position) => answer.toSpliced(position, 0, [])),
  "lost replies": ofDatagrams((answer, position, random) =>
    answer.toSpliced(position, 0, netlinkError(random.pick(["ENOBUFS", "ENOMEM", "ECONNREFUSED"] as const))),
  ),
  "a lost message": aroundMessage(() => []),
  "a message many times": aroundMessage((reply, random) => Array<Reply>(random.pick([2, 3, 40])).fill(reply)),
  "another type": ofMessage((reply, random) => ({
    ...reply,
    type: random.pick([0, 1, 2, 3, 4, 5, 16, ipvsFamily, random.below(0x10000)]),
  })),
  "other flags": ofMessage((reply, random) => ({ ...reply, flags: random.below(0x10000) })),
  "another sequence number": ofMessage((reply, random) => {
    const change = random.pick([-2, -1, 1, 2, 3, 2 ** 31]);
    return { ...reply, sequence: (random.chance(0.9) ? reply.sequence + change : random.below(2 ** 32)) >>> 0 };
  }),
  "an error": aroundMessage((reply, random) => {
    const errno = random.pick([1, 2, 3, 4, 11, 12, 16, 17, 22, 105, 133, 134, 512, 4095, 0, -1, 2 ** 31]);
    const payload = concat(int32(-errno | 0), randomBytes(random, 20)).slice(0, random.pick([0, 2, 3, 4, 99, 99, 99]));
    const error = { ...reply, type: random.pick([NLMSG_ERROR, NLMSG_ERROR, NLMSG_DONE]), payload };
    return random.pick([[error], [error, reply], [reply, error]]);
  }),
  "an overrun": aroundMessage((reply) => [reply, { ...reply, type: NLMSG_OVERRUN }]),
  "a real payload": ofMessage((reply, random) => ({ ...reply, payload: random.pick(realPayloads) })),
  "a random payload": ofMessage((reply, random) => ({ ...reply, payload: randomBytes(random, 60) })),
  "a cut payload": ofMessage((reply, random) => ({
    ...reply,
    payload: reply.payload.slice(0, random.below(reply.payload.length + 1)),
  })),
  "a lost attribute": ofAttribute(() => []),
  "an attribute twice": ofAttribute((attribute) => [attribute, attribute]),
  "another type of attribute": ofAttribute((attribute, random) => [
    { ...attribute, type: random.chance(0.7) ? random.below(20) : attribute.type ^ 0x8000 },
  ]),
  "another value of an attribute": ofAttribute((attribute, random) => {
    const { length } = attribute.value;
    const value = random.pick([randomBytes(random, 40), new Uint8Array(length), new Uint8Array(length).fill(0xff)]);
    const longer = concat(attribute.value, randomBytes(random, 5));
    const shorter = attribute.value.slice(0, random.below(length + 1));
    const small = Uint8Array.from(attribute.value, (_, index) => (index === 0 ? random.below(20) : 0));
    return [{ ...attribute, value: random.pick([value, longer, shorter, small]) }];
  }),
  "an attribute in itself": ofAttribute((attribute, random) => {
    let value = attribute.value;
    for (let depth = random.pick([1, 2, 40]); depth > 0; depth--) {
      value = changeAttributes(
        new Uint8Array(),
        () => false,
        () => [{ type: attribute.type | 0x8000, value }],
      );
    }
    return [{ ...attribute, value }];
  }),
} satisfies Readonly<Record<string, Edit>>;

/** Damage to the bytes of a datagram. */
export const byteEdits = {
  "a flipped bit": (bytes, random) => {
    const position = random.below(bytes.length);
    return bytes.map((byte, index) => (index === position ? byte ^ (1 << random.below(8)) : byte));
  },
  "another byte": (bytes, random) => {
    const position = random.below(bytes.length);
    return bytes.map((byte, index) => (index === position ? random.below(256) : byte));
  },
  "another number": (bytes, random) => {
    const number = random.chance(0.5) ? Uint16Array.of(random.pick(edges)) : Uint32Array.of(random.pick(largeEdges));
    const added = new Uint8Array(number.buffer);
    const step = random.pick([1, 2, 4]);
    const position = step * random.below(Math.max(1, Math.floor((bytes.length - added.length) / step) + 1));
    return concat(bytes.slice(0, position), added, bytes.slice(position + added.length));
  },
  "a cut datagram": (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  "bytes at the end": (bytes, random) => concat(bytes, randomBytes(random, 24)),
  "bytes in the middle": (bytes, random) => {
    const position = random.below(bytes.length + 1);
    return concat(bytes.slice(0, position), randomBytes(random, 8), bytes.slice(position));
  },
  "nothing but garbage": (_, random) => randomBytes(random, 200),
} satisfies Readonly<Record<string, (bytes: Uint8Array, random: Random) => Uint8Array>>;

export function toDatagram(replies: readonly Reply[]): Uint8Array {
  return concat(
    ...replies.map(({ type, flags, sequence, payload }, index) => {
      const bytes = message(type, sequence, payload, flags);
      // The last message of a datagram may lack its padding.
      return index === replies.length - 1 ? bytes.slice(0, 16 + payload.length) : bytes;
    }),
  );
}
