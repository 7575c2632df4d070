import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostKinds } from "#collect/host/kinds.ts";
import { notCollected, readHostOutput } from "#collect/host/output.ts";
import { failed } from "#model/attempt.ts";
import { at, attempt, captured, output, read, value } from "./capture.ts";

const context = { vantage: "host", receivedAt: at, startedAt: at, end: "exit" } as const;

describe("what is not output of the script", () => {
  test.each([
    ["nothing", ""],
    ["a greeting", "Welcome to Ubuntu\n"],
    ["another version", "sekisho-host 2 abcdef0123456789\n"],
    ["a boundary that is none", "sekisho-host 1 xyz\n"],
  ])("%s is refused", (_name, text) => {
    expect(readHostOutput(Buffer.from(text), context)).toHaveProperty("error");
  });

  test("another boundary than was sent is refused", () => {
    expect(readHostOutput(output([]), { ...context, boundary: "0123456789abcdef" })).toHaveProperty("error");
  });

  test("a greeting before the first line is passed over", () => {
    const bytes = Buffer.concat([Buffer.from("Welcome\n\n"), output([["cpu", "2\n"]])]);
    expect(value(read(bytes), "cpu")).toEqual({ cores: 2 });
  });
});

describe("hostile content", () => {
  test("cannot forge a frame, even if it knew the boundary", () => {
    const forged = "abcdef0123456789 cpu ok 0 1 1 3\n64\n\nabcdef0123456789 end 1\n";
    const bytes = output([
      ["services.running", forged],
      ["cpu", "2\n"],
    ]);
    expect(value(read(bytes), "cpu")).toEqual({ cores: 2 });
    expect(value(read(bytes), "services")).toContainEqual({ $unknown: expect.any(String) });
  });

  test("is shown without escapes", () => {
    const bytes = output([
      ["os.release", 'ID=x\nPRETTY_NAME="\u001b[31m\u202eevil"\n'],
      ["run", "privilege root\nuser root\n"],
    ]);
    const found = read(bytes);
    expect(value(found, "os")).toMatchObject({ prettyName: "\\u{1b}[31m\\u{202e}evil" });
    expect(found.evidence.find(({ kind }) => kind === "os")?.excerpt).not.toContain("\u001b");
  });
});

describe("an output that was cut", () => {
  const bytes = captured("debian-12/root");
  const whole = read(bytes);

  test.each(Array.from({ length: 60 }, (_, index) => Math.floor(((index + 1) * bytes.length) / 61)))(
    "at %i adds no fact",
    (length) => {
      const part = readHostOutput(bytes.subarray(0, length), { ...context, end: "truncated" });
      if ("error" in part) return expect(length).toBeLessThan(64);
      for (const kind of hostKinds) {
        const was = attempt(whole, kind);
        const now = attempt(part, kind);
        if (now.status === "absent") expect(was.status).toBe("absent");
        if (now.status === "observed")
          expect(isWeaker(now.value, was.status === "observed" ? was.value : undefined), kind).toBe(true);
      }
    },
  );
});

/** Whether every plain value of the first stands in the second, and lists that are shorter are open. */
function isWeaker(now: unknown, was: unknown): boolean {
  if (typeof now === "object" && now !== null && "$unknown" in now) return true;
  if (Array.isArray(now)) {
    if (!Array.isArray(was)) return false;
    const open = now.some((item) => typeof item === "object" && item !== null && "$unknown" in item);
    return (open || now.length === was.length) && now.every((item) => was.some((other) => isWeaker(item, other)));
  }
  if (typeof now === "object" && now !== null) {
    return (
      typeof was === "object" &&
      was !== null &&
      Object.entries(now).every(([key, item]) =>
        isWeaker(item, Object.entries(was).find(([name]) => name === key)?.[1]),
      )
    );
  }
  return now === was;
}

describe("anything at all", () => {
  const names = [
    "os.release",
    "cpu",
    "memory.info",
    "disks.space",
    "clock.read",
    "clock.zone",
    "clock.sync",
    "addresses",
    "links",
    "routes",
    "listeners.ss",
    "listeners.proc",
    "processes",
    "sshd.1",
    "sshd.1.files",
    "sshd.1.start",
    "firewall.kernel",
    "firewall.nft",
    "firewall.ipv4",
    "firewall.ipv6",
    "services.running",
    "services.files",
    "containers.list",
    "containers.inspect",
    "openclaw.processes",
    "openclaw.configs",
    "openclaw.unit",
    "nginx",
    "logs.age",
    "logs.logrotate",
    "logs.logrotate.run",
    "logs.files",
    "logs.journald",
    "logs.journald.files",
    "logs.tmpfiles",
    "logs.jobs",
    "backups.declared",
    "backups.state",
    "backups.timers",
    "backups.services",
    "backups.handlers",
    "backups.journal",
    "backups.units",
    "backups.cron",
    "backups.files",
    "backups.hashes",
    "backups.heads",
    "backups.checks",
    "backups.configuration",
    "backups.runs",
    "backups.devices",
    "alerts.fail2ban",
    "alerts.fail2ban.actions",
    "alerts.fail2ban.settings",
    "alerts.mail",
    "alerts.units",
    "alerts.handlers",
    "alerts.work",
    "alerts.cron",
    "alerts.requests",
  ];
  const words = fc.constantFrom(
    "-A INPUT",
    "-j ACCEPT",
    "*filter\n",
    ":INPUT DROP\n",
    '{"nftables":[',
    "]}",
    "\t{\n",
    "\t;\n",
    "}\n",
    "file\t/a\n",
    "main\t/a\n",
    "tcp LISTEN 0 1 [::]:22 *:*",
    "port 22\n",
    "passwordauthentication no\n",
    "\n",
    " ",
    '"',
    "1",
    "config /a\n",
    "process 1 0 0 x\n",
    "log /a\nfolder 755 0 0\nfile 1 1 /a\n",
    "first 2026-11-22T00:00:00Z\t/a\n",
    "logging.file\tstring\t/a\n",
    "/a {\nrotate 1\n}\n",
    "job /a\nfind mtime +1 * /\n",
    "`- Jail list:\ta\n",
    "jail a\nmatches a ssh\nreads a /b\naction a c mail:remote\nchanged 1\nStateChangeTimestamp=@2\n",
    "unit a.service\nsends mail:$A\nvariable A empty\nreads openclaw\nsifts\n",
    "seen A answered 1 23/Nov/2026:14:35:07 +0900\n",
    "line d / 1d\n",
    "MaxRetentionSec=1\nrunning\n",
    "file 1.5 1 1 root 1 /a/state/openclaw.sqlite\n",
    "file 1.5 1 1 /a/openclaw-1.sqlite\n",
    "Id=a.timer\nUnit=a.service\nLastTriggerUSec=@1\n",
    "unit a.service\nline sqlite3 /a .backup $x\n",
    "cron /a:1\nschedule 1 1 * * *\nline cp $1\n",
    "head 1 /a/openclaw-1.sqlite\n 53 51\n",
    "check /a/openclaw-1.sqlite\nsound\n",
    "git installed\nconfiguration /a\ncommit 1\nstatus  M a\n",
    "success 1 a.service\n",
    "block 1:1 /x/block/sda\n",
    "ok|1795397901000|1\n",
    "\u0000",
    "\ud800",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join("")),
  );
  const state = fc.constantFrom("ok", "truncated", "timeout", "denied", "skipped");
  const frame = fc.tuple(fc.constantFrom(...names), text, state, fc.constantFrom("0", "1", "-"));

  test("in the frames is read without a fault of ours", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), fc.boolean(), (frames, ended) => {
        const result = read(output(frames, ended));
        expect(result.evidence.map(({ kind }) => kind)).toEqual(hostKinds);
        for (const { attempt: found } of result.evidence) expect(found).not.toMatchObject({ reason: "bug" });
      }),
      { numRuns: 300 },
    );
  });

  test("in place of the output is read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const head = Buffer.from("sekisho-host 1 abcdef0123456789\nabcdef0123456789 cpu ok 0 1 1 ");
        expect(readHostOutput(Buffer.concat([head, bytes]), context)).toHaveProperty("evidence");
      }),
    );
  });
});

test("a frame that was denied, timed out, skipped or cut gives no fact", () => {
  for (const [state, reason] of [
    ["denied", "denied"],
    ["timeout", "timeout"],
    ["skipped", "timeout"],
  ] as const)
    expect(attempt(read(output([["cpu", "2\n", state, "126"]])), "cpu")).toMatchObject({ status: "failed", reason });
  const bytes = output([["cpu", "2\n"]], false);
  expect(attempt(read(bytes, "timeout"), "memory")).toMatchObject({ status: "failed", reason: "timeout" });
  expect(attempt(read(bytes, "truncated"), "memory")).toMatchObject({ status: "failed", reason: "truncated" });
});

test("the host's clock is compared with the middle of the journey", () => {
  const bytes = output([
    ["run", ""],
    ["clock.read", "1795392000 500000000 +0900\n"],
  ]);
  const sentAt = new Date(1795392000000);
  const result = readHostOutput(bytes, { ...context, scannerClock: { sentAt, receivedAt: new Date(1795392001200) } });
  // The script ran for 1000 ms by its own account, so that 200 ms are the way there and back.
  expect(result).toMatchObject({ targetOffsetMs: 398, targetOffsetErrorMs: 110 });
});

test("a host that could not be read says so for each kind", () => {
  const evidence = notCollected("host", failed("refused", "no"), at);
  expect(evidence.map(({ kind }) => kind)).toEqual(hostKinds);
  expect(evidence.every((entry) => entry.attempt.status === "failed")).toBe(true);
});
