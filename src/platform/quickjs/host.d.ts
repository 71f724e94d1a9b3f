/**
 * What the small executable's host (`small/`) offers: system calls as they are. A number is the result of the call, or its
 * errno as a negative number. Texts are byte strings where nothing else is said.
 */
declare module "host" {
  /** Sets the function that starts the program. Modules are loaded when the executable is built. */
  export function setStart(start: () => void): void;
  /** The arguments, and before them the name that the program was called by. */
  export function arguments(): string[];
  /** The value of a variable as Unicode text. */
  export function environment(name: string): string | undefined;

  /** Becomes the full executable. Returns where that is not installed, or this process lacks what it needs. */
  export function becomeFull(): void;
  /** What this process lacks of what the full executable needs. Undefined where that is not installed. */
  export function obstacleToFull(): string | undefined;
  /** Whether at least so many bytes of standard input are there to read. Reads none of them. */
  export function hasInput(least: number): boolean;

  export function open(path: string): number;
  export function read(descriptor: number, buffer: Uint8Array): number;
  export function write(descriptor: number, bytes: Uint8Array): number;
  export function close(descriptor: number): void;
  /** Runs a program to its end; the first word is its path. */
  export function run(words: readonly string[]): void;
  /** Moves the process into the network namespace of a file, unless it is in it. */
  export function enterNetworkNamespace(path: string): number;
  export function exit(status: number): never;
  /** Ends the process by SIGPIPE's default action. Returns where whoever started it has SIGPIPE ignored. */
  export function dieOfBrokenPipe(): void;
  /** Waits for a millisecond. */
  export function pause(): void;
  export function isTerminal(descriptor: number): boolean;

  /** Opens a netlink socket of the protocol. */
  export function openNetlink(protocol: number): number;
  /** Gives a buffer of the socket a size: with CAP_NET_ADMIN beyond what net.core allows, otherwise up to that. */
  export function enlargeBuffer(descriptor: number, which: "receive" | "send", size: number): void;
  /** The size of a buffer of the socket as the kernel accounts it. */
  export function bufferSize(descriptor: number, which: "receive" | "send"): number;
  export function send(descriptor: number, datagram: Uint8Array): number;
  /** The length of the next datagram from the kernel, even where the buffer is too short for it. */
  export function receive(descriptor: number, buffer: Uint8Array): number;

  /** gethostbyname(3): the first IPv4 address. */
  export function hostAddress(name: string): string | undefined;
  /** gethostbyaddr(3). */
  export function hostName(address: string): string | undefined;
  /** getservbyname(3). */
  export function servicePort(name: string, protocol: string): number | undefined;
  /** getservbyport(3). */
  export function serviceName(port: number, protocol: string): string | undefined;

  export function decodeLatin1(bytes: Uint8Array): string;
  export function copyLatin1(text: string, bytes: Uint8Array, offset: number): void;
  export function encodeUtf8(text: string): ArrayBuffer;
  export function decodeUtf8(bytes: Uint8Array): string;
  export function isUtf8(bytes: Uint8Array): boolean;
}
