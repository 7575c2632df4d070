import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { expect, test } from "vitest";
import { openProgress, type ProgressStyle } from "#cli/progress.ts";
import type { Progress } from "#model/progress.ts";

const events: readonly Progress[] = [
  { step: "tcp", state: "start", vantage: "here", subject: "203.0.113.5", done: 0, total: 100 },
  { step: "tcp", state: "update", vantage: "here", subject: "203.0.113.5", done: 50, total: 100 },
  { step: "tcp", state: "end", vantage: "here", subject: "203.0.113.5" },
];

function shown(style: ProgressStyle, locale: "ja" | "en" = "en"): string {
  const pipe = new PassThrough();
  // The view only writes and reads columns, both of which a pipe has or lacks just as a redirected stderr does.
  const stream = pipe as unknown as WriteStream;
  const view = openProgress({ style, stream, locale, target: "claw", now: () => new Date("2026-11-22T00:00:00Z") });
  for (const event of events) view.tell(event);
  view.close();
  return pipe.read()?.toString() ?? "";
}

test("in a pipe a line says what is done, without any control character", () => {
  expect(shown("lines")).toBe("claw: TCP ports 203.0.113.5 done\n");
  expect(shown("lines", "ja")).toBe("claw: TCPポート 203.0.113.5 完了\n");
});

test("for machines each event is a line of JSON", () => {
  const lines = shown("json")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual(
    events.map((event) => ({ time: "2026-11-22T00:00:00.000Z", level: "info", target: "claw", ...event })),
  );
});

test("on a terminal the line is drawn over and cleared at the end", () => {
  const text = shown("redraw");
  expect(text).toContain("TCP ports 203.0.113.5 0%");
  expect(text.endsWith("\r\u001b[2K")).toBe(true);
});

test("quiet is quiet", () => {
  expect(shown("none")).toBe("");
});
