import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { observe } from "#collect/observe.ts";
import { absent, observed } from "#model/attempt.ts";

const clock = (...times: number[]) => {
  let turn = 0;
  return () => new Date(times[Math.min(turn++, times.length - 1)] ?? 0);
};
const options = (now = clock(0, 1500)) => ({
  kind: "http" as const,
  vantage: "here",
  method: "GET /",
  around: { signal: new AbortController().signal, now, progress: () => undefined },
});

test("an attempt is timed and told", async () => {
  expect(await observe(options(), async () => ({ attempt: absent("nothing there") }))).toEqual({
    kind: "http",
    vantage: "here",
    attempt: { status: "absent", detail: "nothing there" },
    startedAt: "1970-01-01T00:00:00.000Z",
    durationMs: 1500,
    method: "GET /",
  });
});

test("a clock that goes back gives no negative time", async () => {
  expect((await observe(options(clock(5000, 0)), async () => ({ attempt: observed([]) }))).durationMs).toBe(0);
});

test.each([new TypeError("x is not a function"), "a text", new Error("evil \u001b[2J")])(
  "what is thrown is our fault: %s",
  async (thrown) => {
    const { attempt } = await observe(options(), () => Promise.reject(thrown));
    expect(attempt).toMatchObject({ status: "failed", reason: "bug" });
    expect(JSON.stringify(attempt)).not.toContain("\u001b");
  },
);

test("raw bytes give digest and a head that is safe to show", async () => {
  const raw = Buffer.from(`HTTP/1.1 200 OK\r\nServer: \u001b]0;owned\u0007\r\n${"x".repeat(5000)}`);
  const evidence = await observe(options(), async () => ({ attempt: observed([]), raw }));
  expect(evidence.digest).toBe(createHash("sha256").update(raw).digest("hex"));
  expect(evidence.excerpt).toMatch(/^HTTP\/1\.1 200 OK\nServer: \\u\{1b\}\]0;owned\\u\{7\}\nx+…$/);
  expect(evidence.excerpt).toHaveLength(2000);
});
