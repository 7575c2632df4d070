import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Frame, frameOf, readFrames } from "#collect/host/frames.ts";
import { matchesGlob } from "#collect/host/glob.ts";
import type { Limit } from "#collect/host/log-retention.ts";
import { type Logrotate, readRotation, rotationOf } from "#collect/host/logrotate.ts";
import { type RotationBlock, readLogrotate } from "#collect/host/logrotate-config.ts";
import { output } from "./capture.ts";

const folder = "fixtures/captures/host/logrotate-3.21.0";

function frameIn(bytes: Uint8Array): Frame {
  const read = readFrames(bytes, undefined, "exit");
  const frame = "error" in read ? undefined : frameOf(read, "logs.logrotate");
  if (frame === undefined) throw new Error("no frame of logrotate");
  return frame;
}

/** What a block says, in the words of `logrotate -d`. */
function inItsWords({ patterns, criterion, rotate }: RotationBlock): string {
  const words = { hourly: "hourly", daily: "after 1 days", weekly: "weekly", monthly: "monthly", yearly: "yearly" };
  const when = criterion.by === "size" ? "bytes" : words[criterion.frequency];
  const some = rotate === 0 ? "(no old logs will be kept)" : `(${rotate} rotations)`;
  const kept = rotate < 0 ? "" : some;
  return `${patterns.join(" ")} ${when} ${kept}`.trim();
}

/** The blocks that logrotate itself says it goes through. */
function itsOwn(name: string): string[] {
  const text = readFileSync(`${folder}/${name}.debug`, "utf8");
  const line =
    /rotating pattern: ([\s\S]*?)\s{2,}(?:(hourly|after 1 days|weekly|monthly|yearly)|\d+ (bytes)) ?(\([^)]*\))?/g;
  return [...text.matchAll(line)].map((match) => {
    const patterns = (match[1] ?? "").replaceAll(/["']/g, "").split(/\s+/).join(" ");
    return `${patterns} ${match[2] ?? match[3] ?? ""} ${match[4] ?? ""}`.trim();
  });
}

describe.each(["debian", "ubuntu", "odd", "faulty"])("the configuration %s", (name) => {
  const { blocks, gaps } = readLogrotate(frameIn(readFileSync(`${folder}/${name}.txt`)));

  test("has the blocks that logrotate goes through, in its order", () => {
    const sure = blocks.filter(({ fault }) => fault === undefined).map(inItsWords);
    const doubtful = blocks.filter(({ fault }) => fault !== undefined).flatMap(({ patterns }) => patterns);
    const real = itsOwn(name).filter((words) => !doubtful.some((pattern) => words.startsWith(`${pattern} `)));
    expect(sure.filter((words) => !doubtful.some((pattern) => words.startsWith(`${pattern} `)))).toEqual(real);
    expect(gaps).toEqual([]);
  });
});

test("a file with a fault gives no block that counts, and others do", () => {
  const { blocks } = readLogrotate(frameIn(readFileSync(`${folder}/faulty.txt`)));
  expect(blocks.map(({ patterns, fault }) => [patterns.join(" "), fault !== undefined])).toEqual([
    ["/var/log/a.log", true],
    ["/var/log/b.log", true],
    ["/var/log/c.log", true],
    ["/var/log/d.log", false],
    ["/var/log/d.log", true],
    ["/var/log/e.log", false],
    ["/var/log/f.log", false],
  ]);
});

/** logrotate with one file of its own below /etc/logrotate.d, and what it says of its runs. */
function withFile(lines: string, run = healthy, owner = "644 0"): Logrotate {
  const config = `file /etc/logrotate.conf\nowner 644 0 regular file\nweekly\nrotate 4\ninclude /etc/logrotate.d\nfolder /etc/logrotate.d\nfile /etc/logrotate.d/x\nowner ${owner} regular file\n${lines}\n`;
  const bytes = output([
    ["logs.logrotate", config],
    ["logs.logrotate.run", run],
  ]);
  const read = readFrames(bytes, undefined, "exit");
  if ("error" in read) throw new Error(read.error);
  return readRotation(read);
}

const now = Date.parse("2026-11-23T01:00:00Z");
const ranAt = now / 1000 - 3600;
const healthy = `installed\nLoadState=loaded\nActiveState=active\nservice\nResult=success\nExecMainStatus=0\nstatus ${ranAt} /var/lib/logrotate/status\n"/var/log/x.log" 2026-11-23-0:0:0\n`;
const log = { path: "/var/log/x.log", folder: undefined, growthPerDay: 1000, nowMs: now };
const days = (limits: readonly Limit[]) => limits.map((limit) => ("days" in limit ? limit.days : limit));
const open = { $unknown: expect.any(String) };

describe("what deletes a log", () => {
  test.each<readonly [string, readonly unknown[]]>([
    ["/var/log/x.log {\ndaily\nrotate 14\n}", [14]],
    ["/var/log/*.log {\nrotate 60\n}", [420]],
    ["/var/log/x.log {\n}", [28]],
    ["/var/log/x.log {\ndaily\nrotate 400\nmaxage 30\n}", [30, 400]],
    ["/var/log/x.log {\nsize 1M\nrotate 1000\n}", [0]],
    ["/var/log/x.log {\nsize 1M\ndaily\nrotate 90\n}", [90]],
    ["/var/log/x.log {\ndaily\nsize 1M\nrotate 90\n}", [0]],
    ["/var/log/x.log {\ndaily\nrotate 90\nmaxsize 100k\n}", [90]],
    ["/var/log/x.log {\ndaily\nrotate 90\nmaxsize 1k\n}", [90, 0]],
    ["/var/log/x.log {\nrotate -1\n}", []],
    ["/var/log/x.log {\nrotate 4\nfrobnicate\n}", [28]],
    ["/var/log/y.log {\ndaily\n}", []],
    ["/var/log/x.log {\nrotate many\n}", [open]],
    ["/var/log/x.log {\nrotate 400", []],
  ])("%j: %j", (lines, expected) => {
    expect(days(rotationOf(withFile(lines), log).limits)).toEqual(expected);
  });

  test("a maxsize beside growth that is not known promises nothing", () => {
    const { limits } = rotationOf(withFile("/var/log/x.log {\ndaily\nrotate 90\nmaxsize 1M\n}"), {
      ...log,
      growthPerDay: undefined,
    });
    expect(days(limits)).toEqual([90, open]);
  });

  test.each(["664 0", "646 0", "644 1000"])("a file that is %s is passed over", (owner) => {
    expect(rotationOf(withFile("/var/log/x.log {\n}", healthy, owner), log)).toMatchObject({ limits: [], by: "" });
  });
});

describe("whether it runs", () => {
  const block = "/var/log/x.log {\ndaily\n}";
  test.each<readonly [string, string, unknown]>([
    ["a timer that runs", healthy, true],
    ["a masked timer", healthy.replace("=loaded\nActiveState=active", "=masked\nActiveState=inactive"), false],
    ["a timer that is not started", healthy.replace("active", "inactive"), false],
    ["a run that failed", healthy.replace("Result=success", "Result=exit-code"), false],
    ["no run for a month", healthy.replace(`${ranAt}`, `${ranAt - 30 * 86_400}`), false],
    ["no status file", healthy.replace(/status[\s\S]*/, ""), open],
    ["no note of this log", healthy.replace('"/var/log/x.log"', '"/var/log/y.log"'), open],
    ["a turn long ago", healthy.replace("2026-11-23-0", "2026-10-1-0"), open],
    [
      "cron without systemd",
      `installed\ncron /etc/cron.daily/logrotate\ndaemon cron\n${healthy.replace(/^[\s\S]*?status/, "status")}`,
      true,
    ],
    [
      "cron's job without cron",
      `installed\ncron /etc/cron.daily/logrotate\n${healthy.replace(/^[\s\S]*?status/, "status")}`,
      open,
    ],
    ["nothing", "", false],
  ])("%s: %j", (_name, run, runs) => {
    const rotation = withFile(block, run);
    expect(rotationOf(rotation, log).runs).toEqual(runs);
  });

  test("a folder that others may write is passed over without su", () => {
    const seen = { state: "seen", fileSystem: "ext4", files: [], moreBytes: 0 } as const;
    const at = (mode: string, group: number, su = "") =>
      rotationOf(withFile(`/var/log/x.log {\ndaily\n${su}\n}`), { ...log, folder: { ...seen, mode, group } }).runs;
    expect([at("755", 0), at("750", 999), at("770", 0), at("775", 4), at("777", 0), at("770", 999, "su a b")]).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});

test("anything at all is read", () => {
  const words = fc.constantFrom(
    "file /etc/logrotate.conf\n",
    "owner 644 0 regular file\n",
    "/x.log {\n",
    "{",
    "}\n",
    "include /etc/logrotate.conf\n",
    "rotate 4\n",
    "size -1\n",
    "folder /etc\n",
    "include /etc\n",
    "\n",
    "tabooext +\n",
    "daily",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, text, (config, run) => {
      const bytes = output([
        ["logs.logrotate", config],
        ["logs.logrotate.run", `installed\n${run}`],
      ]);
      const read = readFrames(bytes, undefined, "exit");
      if ("error" in read) throw new Error(read.error);
      expect(rotationOf(readRotation(read), log).limits).toBeInstanceOf(Array);
    }),
  );
});

describe("patterns", () => {
  test.each([
    ["/var/log/*.log", "/var/log/a.log", true],
    ["/var/log/*.log", "/var/log/a/b.log", false],
    ["/var/log/*/*.log", "/var/log/a/b.log", true],
    ["/var/log/?.log", "/var/log/a.log", true],
    ["/var/log/[ab]*.log", "/var/log/bx.log", true],
    ["/var/log/[!ab]*.log", "/var/log/bx.log", false],
    ["/var/log/[a-c].log", "/var/log/b.log", true],
    ["/var/log/a\\*.log", "/var/log/ab.log", false],
    ["/var/log/a.log", "/var/log/aXlog", false],
    ["*", "a", true],
    ["", "", true],
  ])("%s takes %s: %s", (pattern, path, taken) => {
    expect(matchesGlob(pattern, path)).toBe(taken);
  });

  test("are matched in a time that does not explode", () => {
    expect(matchesGlob(`${"*a".repeat(200)}b`, "a".repeat(2000))).toBe(false);
  });

  test("match what a pattern was made from", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.integer({ min: 0, max: 20 }), (text, at) => {
        const plain = text.replaceAll(/[\\*?[\]/]/g, "x");
        const cut = Math.min(at, plain.length);
        expect(matchesGlob(plain, plain)).toBe(true);
        expect(matchesGlob(`${plain.slice(0, cut)}*`, plain)).toBe(true);
      }),
    );
  });
});
