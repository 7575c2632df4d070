import { describe, expect, test } from "vitest";
import { alerts, type Frames, good, hidden, now } from "./alerts-host.ts";
import { output, read } from "./capture.ts";

describe("monitors", () => {
  const at = (minutesAgo: number) => {
    const time = new Date((now - minutesAgo * 60 + 9 * 3600) * 1000).toUTCString();
    const [, day, month, year, clock] = time.split(" ");
    return `${day}/${month}/${year}:${clock} +0900`;
  };
  const seen = (lines: string) => alerts({ "alerts.requests": `log /a\n${lines}` }).monitors;

  test.each<[string, string, readonly object[]]>([
    ["none", "", []],
    [
      "a day of requests",
      `seen A answered 12 ${at(90)}\nseen A answered 3 ${at(5)}\n`,
      [{ timesLastDay: 15, lastSeenMinutes: 5 }],
    ],
    ["the day before", `seen A answered 12 ${at(1500)}\n`, [{ timesLastDay: 0, lastSeenMinutes: 1500 }]],
    ["refused", `seen A refused 12 ${at(5)}\n`, []],
    ["from the future", `seen A answered 12 ${at(-600)}\n`, []],
    ["a time that is none", "seen A answered 12 99/Foo/2026:00:00:00 +0900\n", []],
    ["a log that may not be read", "hidden\n", [hidden]],
    ["a log too large", "big /var/log/nginx/a.log\n", [hidden]],
  ])("%s", (_, lines, expected) => {
    expect(seen(lines)).toMatchObject(expected);
  });

  test("a job that reports, and an agent that nobody may look at", () => {
    const changes = {
      processes: "1 0 0 0 systemd\n2 1 0 0 zabbix_agent2\n",
      "backups.timers": "Unit=beat.service\nId=beat.timer\nActiveState=active\n",
      "backups.services": `Id=beat.service\nResult=success\nExecMainExitTimestamp=@${now - 300}\n`,
      "alerts.work": "unit beat.service\nsends post:$PING_URL\nvariable PING_URL beat\ndone\n",
    };
    expect(alerts(changes).monitors).toMatchObject([
      { name: "beat.service", means: "heartbeat", lastSeenMinutes: 5 },
      { name: "zabbix_agent2", means: "agent", lastSeenMinutes: hidden },
    ]);
    const failed = { ...changes, "backups.services": "Id=beat.service\nResult=exit-code\n" };
    expect(alerts(failed).monitors[0]).toMatchObject({ lastSeenMinutes: hidden });
    const here = { ...changes, "alerts.work": "unit beat.service\nsends post:local\ndone\n" };
    expect(alerts(here).monitors).toHaveLength(1);
    const off = { ...changes, "backups.timers": "Unit=beat.service\nId=beat.timer\nActiveState=inactive\n" };
    expect(alerts(off).monitors).toHaveLength(1);
  });
});

describe("a unit that systemd starts again when it failed", () => {
  const limits = (interval: string, burst: number) => `StartLimitIntervalUSec=${interval}\nStartLimitBurst=${burst}\n`;

  test.each<[string, string, unknown]>([
    ["is failed each time in between", `Restart=always\nRestartMode=normal\n${limits("10s", 5)}`, true],
    ["goes past that", `Restart=always\nRestartMode=direct\nRestartUSec=5s\n${limits("10s", 5)}`, hidden],
    ["by an older systemd is never failed", `Restart=on-failure\nRestartUSec=5s\n${limits("10s", 5)}`, hidden],
    ["is failed when it did so too often", `Restart=always\nRestartUSec=5s\n${limits("10min", 5)}`, true],
    ["has no limit", `Restart=always\nRestartUSec=5s\n${limits("0", 5)}`, hidden],
    ["has a limit for all time", `Restart=always\nRestartUSec=5s\n${limits("infinity", 5)}`, true],
    ["waits forever", `Restart=always\nRestartUSec=infinity\n${limits("10min", 5)}`, hidden],
    ["has no number", `Restart=always\nRestartUSec=5s\n${limits("10min", Number.NaN)}`, hidden],
    ["only after success", "Restart=on-success\n", true],
    ["never", "Restart=no\n", true],
  ])("%s", (_, lines, expected) => {
    const units = `Id=openclaw.service\nLoadState=loaded\nOnFailure=tell.service\n${lines}`;
    expect(alerts({ "alerts.units": units }).errorNotices).toMatchObject([{ active: expected, told: true }]);
  });
});

describe("notices of errors", () => {
  test.each<[string, Frames, readonly object[]]>([
    ["OnFailure that mails", {}, [{ about: "failure", active: true, told: true, reaches: true, destinationFault: "" }]],
    ["no OnFailure", { "alerts.units": "Id=openclaw.service\nLoadState=loaded\nOnFailure=\n" }, []],
    [
      "OnFailure of a unit that is not there",
      { "alerts.handlers": "Id=tell.service\nLoadState=not-found\n", "alerts.work": "" },
      [{ active: false, told: hidden }],
    ],
    ["awk is missing", { "alerts.mail": "program sendmail\n", "alerts.work": "" }, [{ told: hidden }, hidden]],
    [
      "a unit that only writes a log",
      { "alerts.work": "unit tell.service\ndone\n" },
      [{ told: false, reaches: false }],
    ],
    [
      "a script that may not be read",
      { "alerts.work": "unit tell.service\nunread /root/tell\n" },
      [{ told: hidden, reaches: hidden, destinationFault: "" }, hidden],
    ],
    [
      "a variable that is set nowhere",
      { "alerts.work": "unit tell.service\nsends post:$SLACK_URL\ndone\n" },
      [{ told: true, reaches: hidden, destinationFault: "" }],
    ],
    [
      "a message to the host itself",
      { "alerts.work": "unit tell.service\nsends post:local\ndone\n" },
      [{ told: hidden, reaches: hidden, destinationFault: "" }],
    ],
    [
      "a watchdog that asks the health page by a variable",
      watchdog("url"),
      [{ about: "log", told: hidden, reaches: hidden }],
    ],
    [
      "a backup that copies OpenClaw's log and mails when something else failed",
      {
        "alerts.units": "",
        "alerts.cron":
          "daemon cron\nsystemd\ncron /etc/cron.d/backup:1\nschedule @daily\nsends mail:remote\nseeks\nnames openclaw\ndone\n",
      },
      [hidden],
    ],
    ["a watchdog that asks it on the host", watchdog("other"), [{ about: "log", told: false, reaches: false }]],
    ["a job that reports to nobody else", watchdog("beat"), [{ about: "log", told: false, reaches: false }]],
    [
      "one of two destinations is a placeholder",
      { "alerts.work": "unit tell.service\nsends mail:remote post:$HOOK\nvariable HOOK invalid\ndone\n" },
      [{ reaches: true, destinationFault: "" }],
    ],
    [
      "the last notice failed",
      { "alerts.handlers": "Id=tell.service\nLoadState=loaded\nResult=exit-code\n" },
      [{ destinationFault: "its last run failed" }],
    ],
    [
      "another program may tell",
      { processes: `${good["processes"]}9 1 0 0 alertmanager\n` },
      [{ reaches: true }, hidden],
    ],
    [
      "OpenClaw runs under the unit of a user, not under the one of the system",
      {
        "openclaw.processes":
          "process 9 1000 0 openclaw\ncgroup /user.slice/user@1000.service/app.slice/openclaw.service\n",
      },
      [],
    ],
    [
      "a unit that a timer starts is not OpenClaw itself",
      { "backups.timers": "Unit=openclaw.service\nId=openclaw.timer\nActiveState=active\n" },
      [],
    ],
  ])("%s", (_, changes, expected) => {
    expect(alerts(changes).errorNotices).toMatchObject(expected);
  });

  function watchdog(kind: string): Frames {
    const job = `sends post:$HEALTH_URL\nvariable HEALTH_URL ${kind}\nreads openclaw\nsifts\ndone\n`;
    return {
      "alerts.units": "",
      "alerts.cron": `daemon cron\nsystemd\ncron /etc/cron.d/watchdog:1\nschedule */5 * * * *\n${job}`,
    };
  }
});

test("the excerpt holds the script's own words and no name of a variable", () => {
  const work = "unit tell.service\nsends mail:$MAIL_TO\nvariable c2VjcmV0 empty\nc2VjcmV0=\nsends c2VjcmV0\ndone\n";
  const frames = Object.entries({ ...good, "alerts.work": work });
  const found = read(output(frames)).evidence.find(({ kind }) => kind === "alerts");
  expect(found?.excerpt).toContain("sends mail:$MAIL_TO");
  expect(found?.excerpt).toContain("action sshd tell mail:remote");
  expect(found?.excerpt).not.toContain("c2VjcmV0");
});
