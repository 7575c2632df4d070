import { describe, expect, test } from "vitest";
import type { Alerts } from "#evidence/alerts.ts";
import { output, read, value } from "./capture.ts";

type Frames = Readonly<Record<string, string>>;

const now = 1795397901;
const hidden = { $unknown: expect.any(String) };

const jail =
  "jail sshd\nmatches sshd ssh\njournal sshd ssh\naction sshd ban\naction sshd tell mail:remote\nstart sshd\n";
const loaded = `changed ${now - 900}.5\nStateChangeTimestamp=@${now - 800}\n`;

/** A host with fail2ban and its jail for SSH, Postfix, and a unit that mails when OpenClaw fails. */
const good: Frames = {
  run: "privilege root\nlimit x\nuser root\n",
  "clock.read": `${now} 000000000 +0900\n`,
  processes: "1 0 0 0 systemd\n2 1 0 0 fail2ban-server\n3 1 0 0 master\n",
  "alerts.fail2ban": "Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n",
  "alerts.fail2ban.actions": "jail sshd\nThe jail sshd has the following actions:\nban, tell\n",
  "alerts.fail2ban.settings": jail + loaded,
  "services.files": "openclaw.service enabled enabled\n",
  "alerts.mail": "awk works\nprogram sendmail\nsendmail sendmail\npostfix smtp\n",
  "alerts.units": "Id=openclaw.service\nLoadState=loaded\nOnFailure=tell.service\n",
  "alerts.handlers": "Id=tell.service\nLoadState=loaded\nResult=success\n",
  "alerts.work": "unit tell.service\nsends mail:remote\ndone\n",
  "alerts.cron": "daemon cron\nsystemd\n",
  "alerts.requests": "log /var/log/nginx/access.log\n",
};

function alerts(changes: Frames = {}): Alerts {
  const frames = Object.entries({ ...good, ...changes }).map(([name, text]) => [name, text] as const);
  return value(read(output(frames)), "alerts") as Alerts;
}

describe("attempts at SSH", () => {
  const ssh = (changes: Frames) => alerts(changes).ssh;

  test.each<[string, Frames, object]>([
    ["the jail and its mail", {}, { watched: true, told: true, channels: ["mail"] }],
    ["the daemon does not run", { processes: "1 0 0 0 systemd\n" }, { watched: false, told: false }],
    [
      "another program may look",
      { processes: "1 0 0 0 systemd\n2 1 0 0 crowdsec\n" },
      { watched: hidden, told: hidden },
    ],
    [
      "anyone may call a process sshguard",
      { processes: "1 0 0 0 systemd\n2 1 1000 0 sshguard\n" },
      { watched: false, told: false },
    ],
    ["processes are hidden", { processes: "7 1 0 0 sh\n" }, { watched: hidden, told: hidden }],
    [
      "the daemon was refused",
      { "alerts.fail2ban": "Permission denied to socket\n" },
      { watched: hidden, told: hidden },
    ],
    ["no jail runs", { "alerts.fail2ban": "Status\n`- Jail list:\t\n" }, { watched: false, told: false }],
    [
      "the action was taken out of the daemon only",
      { "alerts.fail2ban.actions": "jail sshd\nThe jail sshd has the following actions:\nban\n" },
      { watched: true, told: false },
    ],
    [
      "an action runs that no setting names",
      { "alerts.fail2ban.actions": "jail sshd\nThe jail sshd has the following actions:\nban, mine\n" },
      { watched: true, told: hidden },
    ],
    ["a jail runs that no setting names", { "alerts.fail2ban.settings": loaded }, { watched: hidden, told: hidden }],
    [
      "the settings changed since",
      { "alerts.fail2ban.settings": `${jail}changed ${now}.1\nStateChangeTimestamp=@${now - 800}\n` },
      { watched: hidden, told: hidden },
    ],
    [
      "when they were read is not known",
      { "alerts.fail2ban.settings": `${jail}changed ${now}.1\n` },
      { watched: hidden, told: hidden },
    ],
    ["mail stays on the host", mailTo("local"), { watched: true, told: hidden }],
    [
      "mail to root is sent on",
      { ...mailTo("local"), "alerts.mail": `${good["alerts.mail"]}alias root remote\n` },
      { watched: true, told: true },
    ],
    ["the address is empty", mailTo("empty"), { watched: true, told: false }],
    ["nothing sends mail", { "alerts.mail": "awk works\n" }, { watched: true, told: false }],
    ["Postfix does not run", { processes: "1 0 0 0 systemd\n2 1 0 0 fail2ban-server\n" }, { told: false }],
    [
      "exim sends nothing to other machines",
      { "alerts.mail": "awk works\nprogram sendmail\nsendmail exim4\nexim local\n" },
      { told: false },
    ],
    [
      "exim's settings are hidden",
      { "alerts.mail": "awk works\nprogram sendmail\nsendmail exim4\n" },
      { told: hidden },
    ],
    [
      "msmtp names no server",
      { "alerts.mail": "awk works\nprogram sendmail\nsendmail msmtp\nmsmtp 0\n" },
      { told: false },
    ],
    [
      "msmtp hands mail to root on as it is",
      {
        ...mailTo("local"),
        "alerts.mail": "awk works\nprogram sendmail\nsendmail msmtp\nmsmtp 1\nalias root remote\n",
      },
      { told: hidden },
    ],
    [
      "msmtp looks up root's alias",
      {
        ...mailTo("local"),
        "alerts.mail": "awk works\nprogram sendmail\nsendmail msmtp\nmsmtp 1\nmsmtp aliases\nalias root remote\n",
      },
      { told: true },
    ],
    [
      "msmtp hands mail to another program here",
      { "alerts.mail": "awk works\nprogram sendmail\nsendmail msmtp\nmsmtp near\n" },
      { told: hidden },
    ],
    ["another sender", { "alerts.mail": "awk works\nprogram sendmail\nsendmail dma\n" }, { told: hidden }],
    [
      "sshguard stands in for it, and tells nobody",
      { processes: "1 0 0 0 systemd\n2 1 0 0 sshguard\n" },
      { watched: true, by: "sshguard", told: false },
    ],
    [
      "logwatch may tell",
      { ...mailTo("empty"), "alerts.mail": `${good["alerts.mail"]}program logwatch\n` },
      { watched: true, told: hidden },
    ],
    [
      "a line of cron looks through the log and mails",
      {
        processes: "1 0 0 0 systemd\n3 1 0 0 master\n",
        "alerts.cron":
          "daemon cron\nsystemd\ncron /etc/crontab:9\nschedule * * * * *\nreads attempts\nsifts\nsends mail:remote\ndone\n",
      },
      { watched: true, by: "/etc/crontab:9", told: true },
    ],
    [
      "a table of cron is hidden",
      { processes: "1 0 0 0 systemd\n", "alerts.cron": "daemon cron\nsystemd\nhidden /var/spool/cron\n" },
      { watched: hidden, told: hidden },
    ],
  ])("%s", (_, changes, expected) => {
    expect(ssh(changes)).toMatchObject(expected);
  });

  function mailTo(where: string): Frames {
    return { "alerts.fail2ban.settings": jail.replace("mail:remote", `mail:${where}`) + loaded };
  }
});

describe("attempts at the admin UI", () => {
  test("a jail elsewhere decides nothing where OpenClaw's log is not known", () => {
    const settings = "jail web\nmatches web refusals\nreads web /var/log/nginx/other.log\nstart web\n";
    const changes = {
      "alerts.fail2ban": "`- Jail list:\tsshd, web\n",
      "alerts.fail2ban.settings": jail + settings + loaded,
    };
    expect(alerts(changes).adminUi).toMatchObject({ watched: hidden });
    expect(alerts().adminUi).toMatchObject({ watched: false });
  });
});

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
