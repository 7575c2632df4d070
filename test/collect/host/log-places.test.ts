import { describe, expect, test } from "vitest";
import { day, folderOf, host, logsOf, nginx, now } from "./logs-host.ts";

const open = { $unknown: expect.any(String) };

describe("the journal", () => {
  const journal = (settings: string) => logsOf(host({ "logs.journald": settings })).error[1];
  const lasting = "file /etc/systemd/journald.conf\npersistent folder\nrunning\n";
  test.each<readonly [string, string, unknown]>([
    ["by size as it comes", lasting, { volatile: false, heldDays: 50, limits: [{ by: "size", days: open }] }],
    [
      "by time, less what one file spans",
      `${lasting}MaxRetentionSec=90day\nMaxFileSec=1week\nSystemMaxUse=4G\n`,
      { keptDays: 83 },
    ],
    ["by time, a file spanning a month", `${lasting}MaxRetentionSec=90day\nSystemMaxUse=4G\n`, { keptDays: 59 }],
    [
      "by time that its size may not hold",
      `${lasting}MaxRetentionSec=1year\nMaxFileSec=1d\nSystemMaxUse=16M\n`,
      { limits: [{ days: 364 }, { by: "size", days: open }] },
    ],
    ["a later file counts", `${lasting}MaxRetentionSec=1day\nMaxRetentionSec=0\n`, { limits: [{ by: "size" }] }],
    ["in memory", `${lasting}Storage=volatile\n`, { volatile: true, keptDays: 0 }],
    ["in memory for want of a folder", "running\n", { volatile: true, keptDays: 0 }],
    ["settings that may not be read", `${lasting}unreadable\n`, { volatile: open, keptDays: open }],
    ["kept nowhere", `${lasting}Storage=none\n`, undefined],
  ])("%s", (_name, settings, expected) => {
    const place = journal(settings);
    if (expected === undefined) expect(place).toBeUndefined();
    else expect(place).toMatchObject(expected as object);
  });

  test("what a job cuts from it", () => {
    const { error } = logsOf(
      host({ "logs.jobs": "job /etc/cron.weekly/x\nvacuum --vacuum-time 14d\nvacuum --vacuum-size 1G\n" }),
    );
    expect(error[1]).toMatchObject({ limits: [{}, { days: 14 }, { by: "size", days: open }] });
  });
});

describe("the access log", () => {
  const access = (...lines: string[]) => logsOf(host({ nginx: nginx(...lines) })).access;
  const named = (name: string) => [expect.objectContaining({ name })];
  test.each<readonly [string, readonly string[], unknown]>([
    ["of the block around", ["access_log\t/var/log/nginx/x.log\tcombined\t;"], named("/var/log/nginx/x.log")],
    ["as nginx was built", [], named("/var/log/nginx/default.log")],
    ["relative to nginx's folder", ["access_log\tlogs/x.log\t;"], named("/usr/share/nginx/logs/x.log")],
    ["off", ["access_log\toff\t;"], []],
    ["with a condition", ["access_log\t/x.log\tcombined\tif=$loggable\t;"], [open]],
    ["with a variable", ["access_log\t/var/log/nginx/$host.log\t;"], [open]],
    ["to another host", ["access_log\tsyslog:server=192.0.2.1\t;"], [open]],
    ["to standard output", ["access_log\t/dev/stdout\t;"], [open]],
    ["twice", ["access_log\t/a.log\t;", "access_log\t/b.log\t;"], [...named("/a.log"), ...named("/b.log")]],
  ])("%s", (_name, lines, expected) => {
    expect(access(...lines)).toEqual(expected);
  });

  test("the innermost block counts", () => {
    const text = nginx("access_log\t/a.log\t;").replace("listen\t443\t;", "listen\t443\t;\naccess_log\toff\t;");
    expect(logsOf(host({ nginx: text })).access).toEqual([]);
  });

  test("is not known where another server passes requests on", () => {
    const parts = { nginx: "", processes: "1 0 0 0 systemd\n2 1 0 0 caddy\n" };
    expect(logsOf(host(parts)).access).toEqual([open]);
  });
});

describe("the operation log", () => {
  const settings = (text: string) => ({
    "openclaw.configs": `config /root/.openclaw/openclaw.json\nmode 600 0\n${text}`,
  });
  test.each<readonly [string, string, unknown]>([
    ["on by default", "", [{ kind: "ledger" }]],
    ["switched off", "logging\tobject\t\nlogging.audit\tobject\t\nlogging.audit.enabled\tfalse\tfalse\n", []],
    ["that may be switched off in an included file", "logging.$include\tinclude\t\n", [open]],
    ["sent elsewhere too", "diagnostics.otel.enabled\ttrue\ttrue\n", [{ kind: "ledger" }, open]],
    ["of settings that may not be read", "unreadable\n", [open, open]],
  ])("%s", (_name, text, expected) => {
    expect(logsOf(host(settings(text))).operation).toMatchObject(expected as object[]);
  });

  const log = "/srv/claw/operations.log";
  const written = (lastDays: number) =>
    `ledger ${log}\nlog ${log}\nfolder 755 0 0\nfilesystem ext4\nfile ${now - lastDays * day} 9 ${log}\nfirst ${now - 200 * day}000\t${log}\n`;
  test.each([
    [1, { name: log, keptDays: 36_500, heldDays: 200 }],
    [31, { name: log, keptDays: 0, heldDays: 200 }],
  ])("written out %i days ago", (days, expected) => {
    expect(logsOf(host({ "logs.files": written(days) })).operation[1]).toMatchObject(expected);
  });

  test.each<readonly [string, unknown]>([
    ["logging.audit.enabled\tfalse\tfalse\n", []],
    ["unreadable\n", [open, { name: log, keptDays: open }, open]],
  ])("written out of a ledger with the settings %j", (text, expected) => {
    expect(logsOf(host({ ...settings(text), "logs.files": written(1) })).operation).toMatchObject(expected as object[]);
  });

  test("grows where nothing turns it over", () => {
    expect(logsOf(host({ "logs.files": written(1) })).growing).toContainEqual(
      expect.objectContaining({ name: log, rotatedBy: "", runs: false }),
    );
  });
});

describe("a container", () => {
  const inspected = (logging: string, volumes: string) =>
    `"/openclaw" "ghcr.io/openclaw/openclaw:1" "always" "bridge" {} ["/srv/state",null] [null] [null] "node" ${logging} ${volumes}\n`;
  const inside = (logging: string, volumes: string, file = "/var/log/claw/claw.log") =>
    logsOf(
      host(
        {
          processes: "1 0 0 0 systemd\n2 1 0 0 nginx\n",
          "openclaw.unit": "",
          "containers.present": "declared openclaw\n",
          "containers.list": '"openclaw" "ghcr.io/openclaw/openclaw:1" ""\n',
          "containers.inspect": inspected(logging, volumes),
          "logs.files": folderOf("/srv/logs/claw.log", 30),
        },
        file,
      ),
    );

  test("keeps its log in a volume", () => {
    const { error } = inside('["journald","",""]', '["/var/log/claw","/srv/logs",null]');
    expect(error[0]).toMatchObject({
      name: "/var/log/claw/claw.log in the container, /srv/logs/claw.log here",
      volatile: false,
      heldDays: 30,
    });
  });

  test.each<readonly [string, string, string, readonly unknown[]]>([
    ["its log in itself", '["none","",""]', "[null]", [{ volatile: true, keptDays: 0 }]],
    ["json-file without an end", '["json-file","",""]', "[null]", [{}, { kind: "docker", limits: [{ days: 0 }] }]],
    [
      "json-file by size",
      '["json-file","10m","3"]',
      "[null]",
      [{}, { kind: "docker", limits: [{ by: "size" }, { days: 0 }] }],
    ],
    ["another machine", '["syslog","",""]', "[null]", [{}, open]],
    ["what was not asked", "", "", [open, open]],
  ])("%s", (_name, logging, volumes, expected) => {
    expect(inside(logging, volumes).error).toMatchObject(expected as object[]);
  });

  test("json-file grows without end where no max-size is set", () => {
    const { growing } = inside('["json-file","",""]', "[null]");
    expect(growing).toContainEqual(expect.objectContaining({ name: "Docker's log driver json-file", rotatedBy: "" }));
  });
});
