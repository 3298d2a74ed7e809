// A file on its way: what the line does, and when the app no longer waits for it.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Refused, type ToSend, Unreachable, call, sendFile } from "../server.ts";

const FILE: ToSend = { id: "0192", record: "0193", sha256: "ab", media: "image/jpeg", bytes: new ArrayBuffer(9), begun: true };
type Options = Parameters<typeof sendFile>[3] extends (new (file: never, options: infer O) => unknown) | undefined ? O : never;

/** An upload of which the test says what happens to it. */
function sending(context: TestContext) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const at = { options: null as unknown as Options, aborted: 0, ended: "" };
  class Line {
    constructor(_file: unknown, options: Options) {
      at.options = options;
    }
    start(): void {}
    async abort(terminate?: boolean): Promise<void> {
      assert.ok(!terminate, "the server must keep what it has of the file");
      at.aborted += 1;
    }
  }
  const sent = sendFile({}, FILE, () => undefined, Line as never).then(
    (hash) => (at.ended = hash),
    (error: Error) => (at.ended = error.name),
  );
  const passes = async (seconds: number) => {
    context.mock.timers.tick(seconds * 1000);
    await Promise.race([sent, Promise.resolve()]);
  };
  return { at, sent, passes };
}

test("a file of which nothing moves any more is given up as if the line were gone", async (context) => {
  const { at, sent, passes } = sending(context);
  await passes(59);
  assert.equal(at.aborted, 0);
  await passes(1);
  await sent;
  assert.deepEqual([at.ended, at.aborted], [new Unreachable().name, 1]);
});

test("a slow file goes on for as long as something moves", async (context) => {
  const { at, sent, passes } = sending(context);
  for (let minute = 0; minute < 20; minute += 1) {
    await passes(50);
    at.options.onProgress?.(minute, 20);
  }
  at.options.onSuccess?.({ lastResponse: { getHeader: () => "ab" } } as never);
  await sent;
  await passes(600);
  assert.deepEqual([at.ended, at.aborted], ["ab", 0]);
});

test("what is known to the server already is asked how far it came, and not begun anew", (context) => {
  const { at } = sending(context);
  assert.equal(at.options.uploadUrl, "/field/files/0192");
});

/** An answer of which the test says when a part of it comes. */
function answering(context: TestContext, status = 200) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({ start: (made) => void (body = made) });
  context.mock.method(globalThis, "fetch", async (_address: string, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener("abort", () => body.error(signal.reason));
    return new Response(stream, { status });
  });
  const says = (text: string) => body.enqueue(new TextEncoder().encode(text));
  const turn = () => new Promise((done) => setImmediate(done));
  return { asked: call("/field/api/v1/pull"), says, ends: () => body.close(), turn };
}

test("a page that comes slowly is read to its end, however long it takes", async (context) => {
  const { asked, says, ends, turn } = answering(context);
  for (const part of ['{"rows":', "[1", ",2]", "}"]) {
    await turn();
    context.mock.timers.tick(50_000);
    says(part);
  }
  ends();
  assert.deepEqual(await asked, { rows: [1, 2] });
});

test("a page of which nothing more comes is given up", async (context) => {
  const { asked, says, turn } = answering(context);
  says('{"rows":');
  await turn();
  context.mock.timers.tick(60_000);
  await assert.rejects(asked, Unreachable);
});

test("what the server refuses is told with its code, and without words by its status", async (context) => {
  const { asked, says, ends } = answering(context, 413);
  says("<html>");
  ends();
  await assert.rejects(asked, (error: Refused) => error instanceof Refused && error.status === 413);
});
