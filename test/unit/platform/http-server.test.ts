import assert from "node:assert/strict";
import { get } from "node:http";
import { createConnection } from "node:net";
import { test } from "node:test";
import { type HttpHandler, serveHttp } from "../../../src/platform/network/http-server.js";
import { SystemError } from "../../../src/platform/system-calls.js";

const loopback = { address: "127.0.0.1", port: 0 };
const answering =
  (body: Iterable<string>): HttpHandler =>
  async () => ({ status: 200, headers: {}, body });

test("pieces are asked for as fast as they are read, and no more when nobody is left", async () => {
  let made = 0;
  const endless = function* () {
    for (;;) {
      made++;
      yield "x".repeat(64 * 1024);
    }
  };
  const server = await serveHttp(loopback, answering({ [Symbol.iterator]: endless }));
  const socket = createConnection(server.endpoint.port, "127.0.0.1");
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  let before = -1;
  // Until the buffers of both sides are full.
  while (made === 0 || made !== before) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(made < 1000, `${made} pieces`);
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const after = made;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(made, after);
  server.close();
  await server.closed;
});

test("others are answered between two pieces", async () => {
  let isDone = false;
  const slow = function* () {
    for (let piece = 0; piece < 50; piece++) {
      const end = performance.now() + 5;
      while (performance.now() < end);
      yield "x";
    }
    isDone = true;
  };
  const server = await serveHttp(loopback, async ({ path }) => ({
    status: 200,
    headers: {},
    body: path === "/slow" ? { [Symbol.iterator]: slow } : ["quick"],
  }));
  const ask = (path: string) =>
    new Promise<void>((resolve) => {
      get({ port: server.endpoint.port, host: "127.0.0.1", path, agent: false }, (response) => {
        response.resume().on("end", resolve);
      });
    });
  const slowAnswer = ask("/slow");
  await ask("/quick");
  assert.ok(!isDone);
  await slowAnswer;
  server.close();
});

test("a body that fails is cut off, and not whole", async () => {
  const failing = function* () {
    yield "half";
    throw new Error("a fault");
  };
  const server = await serveHttp(loopback, answering({ [Symbol.iterator]: failing }));
  const outcome = await new Promise<string>((resolve) => {
    get({ port: server.endpoint.port, host: "127.0.0.1", agent: false }, (response) => {
      response
        .resume()
        .on("end", () => resolve("whole"))
        .on("error", () => resolve("cut off"));
    }).on("error", () => resolve("cut off"));
  });
  assert.equal(outcome, "cut off");
  server.close();
});

test("who waits for an answer is not let go, and who does not read it is", { timeout: 60_000 }, async () => {
  let finish = () => {};
  const letGo = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const long = function* () {
    try {
      for (let piece = 0; piece < 200; piece++) yield "x".repeat(64 * 1024);
    } finally {
      finish();
    }
  };
  const slow: HttpHandler = async ({ path }) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    return { status: 200, headers: {}, body: path === "/long" ? { [Symbol.iterator]: long } : ["whole"] };
  };
  const server = await serveHttp(loopback, slow, 400);
  const ask = async () => (await fetch(`http://127.0.0.1:${server.endpoint.port}/`)).text();
  // A request that comes late on a busy machine is refused.
  assert.equal(await ask().catch(ask).catch(ask), "whole");
  const socket = createConnection(server.endpoint.port, "127.0.0.1");
  socket.pause();
  socket.write("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  const closed = new Promise((resolve) => socket.on("close", resolve).on("error", resolve));
  await letGo;
  let length = 0;
  socket.on("data", (bytes) => {
    length += bytes.length;
  });
  socket.resume();
  await closed;
  assert.ok(length < 200 * 64 * 1024);
  server.close();
});

test("an address in use is the system's error", async () => {
  const server = await serveHttp(loopback, answering([]));
  await assert.rejects(
    serveHttp(server.endpoint, answering([])),
    (error: unknown) => error instanceof SystemError && error.code === "EADDRINUSE",
  );
  server.close();
});
