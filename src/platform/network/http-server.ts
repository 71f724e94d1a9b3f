/** A small HTTP server, by node:http, which both runtimes have. Loading it takes milliseconds, so only a listener does. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { letOthersRun } from "../clock.js";
import { SystemError } from "../system-calls.js";

export interface HttpRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** The header Accept; empty where there is none. */
  readonly accept: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces of text, which are made as fast as the client reads them. */
  readonly body: Iterable<string>;
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpEndpoint {
  /** An IP address. */
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface HttpServer {
  /** Where it listens. */
  readonly endpoint: HttpEndpoint;
  /** Settles when it is closed; rejects if it fails. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Scrapers that are served at the same time; further ones are refused. */
const mostConnections = 64;

/** Milliseconds after which an idle connection is closed. The time in which an answer is made does not count. */
const longestSilence = 60_000;

/** Listens until it is closed. Rejects with a SystemError where it cannot. */
export function serveHttp(
  { address, port }: HttpEndpoint,
  handle: HttpHandler,
  silence = longestSilence,
): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(request, response, handle, silence));
  server.maxConnections = mostConnections;
  server.timeout = silence;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(toListenError(error)));
    server.listen({ host: address, port }, () => resolve(runningServer(server)));
  });
}

function runningServer(server: Server): HttpServer {
  const { address, port } = server.address() as AddressInfo;
  return {
    endpoint: { address, port },
    closed: new Promise((resolve, reject) => {
      server.removeAllListeners("error");
      server.once("error", reject);
      server.once("close", () => resolve());
    }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function toListenError(error: Error): Error {
  const { errno } = error as NodeJS.ErrnoException;
  return typeof errno === "number" ? new SystemError(Math.abs(errno)) : error;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: HttpHandler,
  silence: number,
): Promise<void> {
  try {
    const { method = "", url = "", headers } = request;
    const [path = ""] = url.split("?");
    // The client waits for us now, and is not idle.
    request.socket.setTimeout(0);
    const { status, headers: answered, body } = await handle({ method, path, accept: headers.accept ?? "" });
    request.socket.setTimeout(silence);
    response.writeHead(status, answered);
    for (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(piece)) await writable(response);
      // Other requests get their turn before the next piece.
      await letOthersRun();
    }
    response.end();
  } catch {
    // Half an answer must not look like a whole one.
    response.destroy();
  }
}

/** Settles when there is room again, or the connection is closed. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle);
      response.off("close", settle);
      resolve();
    };
    response.on("drain", settle);
    response.on("close", settle);
  });
}
