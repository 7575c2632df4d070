import { appendFileSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLog, readArrivals } from "./log.ts";

const ends = { localAddress: "198.51.100.7", localPort: 7, remoteAddress: "10.83.1.1", remotePort: 40_000 };

test("an arrival can be read as soon as it is logged, however long, and after somebody emptied the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "internet.log");
  const log = openLog(path);
  expect(readArrivals(path)).toEqual([]);
  log({ protocol: "echo", ...ends, name: "line\nbreak", bytes: 5, detail: { path: "x".repeat(100_000) } });
  expect(readArrivals(path)).toMatchObject([{ protocol: "echo", ...ends, name: "line\nbreak", bytes: 5 }]);
  expect(String(readArrivals(path)[0]?.detail?.["path"]).length).toBeLessThan(1000);
  appendFileSync(path, '{"time":"20');
  expect(readArrivals(path).length).toBe(1);
  truncateSync(path);
  log({ protocol: "tcp", ...ends, bytes: 0 });
  expect(readArrivals(path).map((each) => each.protocol)).toEqual(["tcp"]);
});
