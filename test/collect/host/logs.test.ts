import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { evidenceKinds } from "#evidence/registry.ts";
import { attempt, captured, output, read } from "./capture.ts";
import { day, folderOf, host, logsOf, now } from "./logs-host.ts";

const open = { $unknown: expect.any(String) };

describe.each(["default", "hardened"])("a real host with OpenClaw 2026.9.6, %s", (name) => {
  test("has the shape of the schema", () => {
    const found = logsOf(captured(`openclaw-2026.9.6/${name}`));
    expect([...Value.Errors(evidenceKinds.logs.schema, found)]).toEqual([]);
  });
});

test("OpenClaw as it comes keeps its log a day below /tmp, its ledger 30 days, and nginx 14 days of requests", () => {
  const { operation, error, access } = logsOf(captured("openclaw-2026.9.6/default"));
  expect(operation).toMatchObject([{ kind: "ledger", limits: [{ days: 30 }, { by: "size", days: open }] }]);
  expect(error).toMatchObject([
    { kind: "file", keptDays: 0, volatile: true, prunedByOpenclaw: true, limits: [{ days: 1 }, { days: 0 }] },
    { kind: "journal", volatile: false, limits: [{ by: "size", days: open }] },
  ]);
  expect(access).toMatchObject([{ name: "/var/log/nginx/access.log", keptDays: 14 }]);
});

test("a host that follows the guide keeps all of them for 400 days, and rotation runs", () => {
  const { hostAgeDays, operation, error, access, growing } = logsOf(captured("openclaw-2026.9.6/hardened"));
  expect(hostAgeDays).toBe(8);
  const kept = { keptDays: 400, heldDays: 8, heldBy: "entry", volatile: false, prunedByOpenclaw: false };
  expect(operation).toMatchObject([{ kind: "ledger" }, { name: "/var/log/openclaw/operations.log", ...kept }]);
  expect(error).toMatchObject([{ name: "/var/log/openclaw/openclaw.log", ...kept }, { limits: [{ days: 393 }, {}] }]);
  expect(access).toMatchObject([{ name: "/var/log/nginx/openclaw-access.log", ...kept }]);
  expect(growing.map((log) => ("rotatedBy" in log ? [log.rotatedBy, log.runs, log.fullInDays] : log))).toEqual([
    ["/etc/logrotate.d/openclaw", true, 36_500],
    ["/etc/logrotate.d/nginx", true, 36_500],
    ["/etc/logrotate.d/openclaw", true, 36_500],
  ]);
});

test("no capture names the machine id, and none holds a line of a log", () => {
  for (const name of ["default", "hardened"]) {
    const text = captured(`openclaw-2026.9.6/${name}`).toString();
    expect(text).not.toMatch(/journal\/[0-9a-f]{32}/);
    expect(text).not.toMatch(/HTTP\/1\.1|_meta|metadata_only/);
  }
});

describe("the host's age and the oldest entry", () => {
  test("an entry is due since the host and OpenClaw are there, less a day", () => {
    expect(logsOf(host())).toMatchObject({ hostAgeDays: 400, error: [{ heldDays: 20, dueDays: 299 }, {}] });
  });

  test.each([
    ["the host is younger", `uptime 1\n0 ${now - 10 * day} /etc/machine-id\n`, 10, 9],
    [
      "keys were made after an image's machine id",
      `0 ${now - 900 * day} /etc/machine-id\n0 ${now - 30 * day} /etc/ssh/ssh_host_rsa_key.pub\n`,
      30,
      29,
    ],
    [
      "one key was made again",
      `0 ${now - 90 * day} /etc/machine-id\n0 ${now - 90 * day} /etc/ssh/ssh_host_rsa_key.pub\n0 ${now - day} /etc/ssh/ssh_host_ed25519_key.pub\n`,
      90,
      89,
    ],
    ["it runs for longer than its files say", `uptime ${40 * day * 1000}\n0 ${now - day} /etc/machine-id\n`, 40, 39],
    [
      "OpenClaw is younger",
      `0 ${now - 90 * day} /etc/machine-id\nstate /x\n${now - 5 * day} ${now - 4 * day} /x\n0 499162500 /x/npm\n`,
      90,
      4,
    ],
    ["nothing tells", "uptime 1000\n", open, open],
  ])("%s", (_name, age, hostAgeDays, dueDays) => {
    expect(logsOf(host({ "logs.age": age }))).toMatchObject({ hostAgeDays, error: [{ dueDays }, {}] });
  });

  const path = "/var/log/claw/claw.log";
  const rest = folderOf("/var/log/nginx/access.log", 20);
  const head = `log ${path}\nfolder 750 0 0\nfilesystem ext4\n`;
  test.each<readonly [string, string, unknown, unknown]>([
    ["by the entry in the oldest file", folderOf(path, 120), 120, "entry"],
    ["nothing in its files", `${head}file ${now} 0 ${path}\n`, 0, "entry"],
    [
      "only the time of a file, which reaches as far as it can",
      `${head}file ${now - 320 * day} 9 ${path}.9.xz\n`,
      320,
      "file",
    ],
    ["only the time of a file, which does not", `${head}file ${now - 12 * day} 9 ${path}.9.xz\n`, open, open],
    [
      "a time that is later than the last write",
      `${head}file ${now - 12 * day} 9 ${path}\nfirst ${new Date(now * 1000).toISOString()}\t${path}\n`,
      open,
      open,
    ],
    ["a folder that is hidden", `${head}hidden\n`, open, open],
    ["a name that was not listed", `log ${path}\nunlisted\n`, open, open],
  ])("%s", (_name, files, heldDays, heldBy) => {
    expect(logsOf(host({ "logs.files": files + rest })).error[0]).toMatchObject({ heldDays, heldBy });
  });
});

describe("what deletes", () => {
  const limits = (parts: Readonly<Record<string, string>>, file?: string) => {
    const place = logsOf(host(parts, file)).error[0];
    return place !== undefined && "limits" in place
      ? place.limits.map((one) => ("days" in one ? one.days : one))
      : place;
  };
  const daily = `file /etc/logrotate.conf\nowner 644 0 regular file\n/var/log/claw/*.log {\ndaily\nrotate 400\n}\n`;

  test.each<readonly [string, Readonly<Record<string, string>>, unknown]>([
    ["OpenClaw alone, by size", {}, [0]],
    ["logrotate, and no size before it", { "logs.logrotate": daily }, [400]],
    [
      "an archive that OpenClaw made",
      {
        "logs.logrotate": daily,
        "logs.files": `${folderOf("/var/log/claw/claw.log", 9)}file ${now} 1 /var/log/claw/claw.1.log\n`,
      },
      [open, 400],
    ],
    [
      "tmpfiles.d",
      {
        "logs.logrotate": daily,
        "logs.tmpfiles": "file /etc/tmpfiles.d/x.conf\nline e /var/log/claw 10d\nActiveState=active\n",
      },
      [400, 10],
    ],
    [
      "tmpfiles.d, the nearest folder",
      { "logs.logrotate": daily, "logs.tmpfiles": "line d /var/log 3d\nline e /var/log/cl* 2w\n" },
      [400, 14],
    ],
    [
      "tmpfiles.d, but not this path",
      { "logs.logrotate": daily, "logs.tmpfiles": "line d /var/log 3d\nline x /var/log/claw -\n" },
      [400],
    ],
    [
      "tmpfiles.d without its timer",
      { "logs.logrotate": daily, "logs.tmpfiles": "line d /var/log 3d\nActiveState=inactive\n" },
      [400],
    ],
    [
      "a job by age",
      { "logs.logrotate": daily, "logs.jobs": "job /etc/cron.d/tidy\nfind mtime +7 *.gz /var/log/claw\n" },
      [400, 8],
    ],
    [
      "a job by minutes",
      { "logs.logrotate": daily, "logs.jobs": "job /etc/cron.d/tidy\nfind mmin +2880 * /var/log\n" },
      [400, 2],
    ],
    [
      "a job without age",
      { "logs.logrotate": daily, "logs.jobs": "job /x\nfind any *.log.* /var/log/claw\n" },
      [400, 0],
    ],
    [
      "a job for other names",
      { "logs.logrotate": daily, "logs.jobs": "job /x\nfind mtime +7 *.sql /var/log/claw\n" },
      [400],
    ],
    [
      "a job for another folder",
      { "logs.logrotate": daily, "logs.jobs": "job /x\nfind mtime +7 * /var/backups\nfind mtime +1 ? /var/cache\n" },
      [400],
    ],
    [
      "a job whose folder is not known",
      { "logs.logrotate": daily, "logs.jobs": "job /x\nfind mtime +7 * ?\n" },
      [400, open],
    ],
    [
      "a job that deletes by name",
      { "logs.logrotate": daily, "logs.jobs": "job /x\nremove /var/log/claw/*.gz\n" },
      [400, open],
    ],
    ["a schedule that is hidden", { "logs.logrotate": daily, "logs.jobs": "hidden /var/spool/cron\n" }, [400, open]],
  ])("%s", (_name, parts, expected) => {
    expect(limits(parts)).toEqual(expected);
  });

  test.each<readonly [string, string, unknown]>([
    ["below /tmp", "/tmp/claw.log", { volatile: true, prunedByOpenclaw: false }],
    ["with a date in its name", "/var/log/claw/openclaw-2026-11-22.log", { volatile: false, prunedByOpenclaw: true }],
    ["below the home folder", "~/claw.log", { volatile: false, prunedByOpenclaw: false }],
    [
      "nowhere in particular",
      "",
      { name: "/tmp/openclaw/openclaw-(date).log", volatile: true, prunedByOpenclaw: true },
    ],
  ])("a log %s", (_name, file, expected) => {
    const place = logsOf(host({}, file)).error[0];
    expect(place).toMatchObject(expected as object);
  });

  test("a file system in memory keeps nothing", () => {
    const files = folderOf("/var/log/claw/claw.log", 9, "filesystem tmpfs");
    expect(logsOf(host({ "logs.files": files })).error[0]).toMatchObject({ volatile: true, keptDays: 0 });
  });
});

test("a script that read no logs, and a host without OpenClaw", () => {
  expect(attempt(read(output([["processes", "1 0 0 0 systemd\n"]])), "logs")).toMatchObject({ reason: "unsupported" });
  const none = host({ "openclaw.unit": "", "openclaw.configs": "", processes: "1 0 0 0 systemd\n" });
  expect(attempt(read(none), "logs")).toMatchObject({ status: "absent" });
});
