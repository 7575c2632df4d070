import { describe, expect, test } from "vitest";
import { alerts, type Frames, good, hidden, jail, loaded, now } from "./alerts-host.ts";

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
      "fail2ban in a container may be handed the host's log",
      { processes: "1 0 0 0 systemd\n2 1 0 1 fail2ban-server\n" },
      { watched: hidden, told: hidden },
    ],
    [
      "crowdsec in a container",
      { processes: "1 0 0 0 systemd\n2 1 0 1 crowdsec\n" },
      { watched: hidden, told: hidden },
    ],
    [
      "logs are handed to a service",
      { processes: "1 0 0 0 systemd\n2 1 0 0 promtail\n" },
      { watched: hidden, told: hidden },
    ],
    [
      "rsyslog hands logs to another machine",
      { processes: "1 0 0 0 systemd\n", "alerts.mail": `${good["alerts.mail"]}forwards\n` },
      { watched: hidden, told: hidden },
    ],
    [
      "logcheck may tell",
      { processes: "1 0 0 0 systemd\n", "alerts.mail": `${good["alerts.mail"]}program logcheck\n` },
      { watched: hidden, told: hidden },
    ],
    ["a jail on sshd's log", readsLog("/var/log/auth.log"), { watched: true, told: true }],
    ["a jail on a log that may not be sshd's", readsLog("/var/log/old/auth.log"), { watched: hidden, told: hidden }],
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
      "a line of cron names the log, looks for something and mails",
      {
        processes: "1 0 0 0 systemd\n3 1 0 0 master\n",
        "alerts.cron":
          "daemon cron\nsystemd\ncron /etc/crontab:9\nschedule * * * * *\nnames attempts\nseeks\nsends mail:remote\ndone\n",
      },
      { watched: hidden, told: hidden },
    ],
    [
      "a table of cron is hidden",
      { processes: "1 0 0 0 systemd\n", "alerts.cron": "daemon cron\nsystemd\nhidden /var/spool/cron\n" },
      { watched: hidden, told: hidden },
    ],
  ])("%s", (_, changes, expected) => {
    expect(ssh(changes)).toMatchObject(expected);
  });

  function readsLog(path: string): Frames {
    return { "alerts.fail2ban.settings": `${jail}reads sshd ${path}\n${loaded}` };
  }

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

  test.each<[string, string, unknown]>([
    ["a file", "error_log\t/var/log/nginx/error.log", hidden],
    ["the journal", "error_log\tsyslog:server=unix:/dev/log", true],
    ["its standard error", "error_log\tstderr", true],
    ["another machine", "error_log\tsyslog:server=10.0.0.9", hidden],
  ])("a jail on nginx's journal, where nginx writes its errors to %s", (_, log, expected) => {
    const changes = {
      nginx: nginxLogs(log),
      "alerts.fail2ban": "`- Jail list:\tsshd, web\n",
      "alerts.fail2ban.settings": `${jail}jail web\nmatches web refusals\njournal web nginx\nstart web\n${loaded}`,
    };
    expect(alerts(changes).adminUi.watched).toEqual(expected);
  });
});

test("hostile lengths take no time", () => {
  const long = (line: string) => ({ "alerts.fail2ban.settings": jail + line + loaded });
  const paths = `reads sshd /${"openclaw".repeat(12_000)}\nmatches sshd refusals\n`;
  const jails = Array.from({ length: 20_000 }, (_, index) => `j${index}`);
  const start = performance.now();
  alerts(long(paths));
  alerts(long(`StateChangeTimestamp=${" ".repeat(60_000)}x\n`));
  alerts({
    "alerts.fail2ban": `\`- Jail list:\tsshd, ${jails.join(", ")}\n`,
    "alerts.fail2ban.settings": `${jail}${jails.map((name) => `jail ${name}\n`).join("")}${loaded}`,
  });
  alerts({
    "backups.timers": jails.map((name) => `Id=${name}.timer\nUnit=${name}.service\n`).join("\n"),
    "alerts.work": jails.map((name) => `unit ${name}.service\ndone\n`).join(""),
  });
  expect(performance.now() - start).toBeLessThan(8000);
});

/** Settings of nginx as the script prints them: one server, all of which leads to OpenClaw. */
function nginxLogs(line: string): string {
  const head = "logpath\t/var/log/nginx/access.log\nprefix\t/usr/share/nginx\nmain\t/n.conf\nfile\t/n.conf\n";
  return `${head}${line}\t;\nhttp\t{\nserver\t{\nlocation\t/\t{\nproxy_pass\thttp://127.0.0.1:18789\t;\n}\n}\n}\n`;
}
