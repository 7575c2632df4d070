import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));

/** What a program of the script says of a text. */
function said(program: string, text: string): readonly string[] {
  const call = `${functions}\nlimit= own_names='claw claw.corp.jp 10.0.0.5 172.18.'\nalert_awk "$${program}"`;
  const run = spawnSync("sh", ["-c", call], { input: text, encoding: "utf8" });
  expect(run.stderr).toBe("");
  return run.stdout.split("\n").filter((line) => line !== "" && line !== "done");
}

test.each<[string, readonly string[]]>([
  ["echo x | mail -s 'all (bad); see | log' ops@corp.jp", ["sends mail:remote"]],
  ["echo don't | mail root", ["sends mail:local"]],
  ['echo "mail to root"', []],
  ["mailq", []],
  ["if bad; then sendmail ops@corp.jp </tmp/x; fi", ["sends mail:remote"]],
  ['sendmail "$MAIL_TO"', ["sends mail:$MAIL_TO"]],
  [`sendmail "\${MAIL_TO}" > /dev/null`, ["sends mail:$MAIL_TO"]],
  ['mail -s x ""', ["sends mail:empty"]],
  ["mail -s x you@example.com", ["sends mail:invalid"]],
  ['mail "a@b.jp, c@d.jp"', ["sends mail:other"]],
  ["sendmail -t < /x", ["sends mail:other"]],
  ["# mail root", []],
  ["curl -d '{\"a b\":1}' https://hooks.slack.com/services/T/B/secret", ["sends post:notice"]],
  ["curl -fsS https://hc-ping.com/secret", ["sends post:beat"]],
  ["curl -d @x https://hooks.slack.invalid/services/T", ["sends post:invalid"]],
  ["curl -s http://127.0.0.1:18789/healthz", []],
  ['curl --json "$text" \\\n  "$SLACK_WEBHOOK"', ["sends post:$SLACK_WEBHOOK"]],
  ["grep -E 'ERROR|FATAL' /var/log/openclaw/openclaw.log", ["reads openclaw", "sifts"]],
  ["rclone copy /var/log/openclaw remote:logs", ["names openclaw"]],
  ['LOG=/var/log/openclaw/a.log\ngrep ERROR "$LOG"', ["variable LOG other", "reads openclaw", "sifts"]],
  [
    `log=/var/log/openclaw/a.log\nnew=$(tail -n 9 "\${log}")\necho "$new" | grep ERROR`,
    ["variable log other", "reads openclaw", "sifts"],
  ],
  ["for f in /var/log/openclaw/*.log; do\n  grep ERROR $f\ndone", ["reads openclaw", "sifts"]],
  ["log=/var/log/openclaw/a.log\ngrep ERROR $logs", ["variable log other", "seeks", "names openclaw"]],
  [
    "tar cf x.tar /var/log/openclaw\ngrep -q failed /tmp/e && mail -s x ops@corp.jp",
    ["sends mail:remote", "seeks", "names openclaw"],
  ],
  ["TOKEN=secret", ["variable TOKEN local"]],
  ["HOOK='https://hooks.slack.com/services/T/B/secret'", ["variable HOOK notice"]],
  ["curl -X POST http://localhost:18789/hooks/wake", ["sends post:local"]],
  ["swaks --to ops@corp.jp --server mail.corp.jp", ["sends mail:other"]],
  ["swaks --server mail.corp.jp --to you@example.com", ["sends mail:invalid"]],
  ["MAIL_TO=", ["variable MAIL_TO empty"]],
])("a script: %s", (text, expected) => {
  const lines = said("alert_words", `${text}\n`);
  expect(lines).toEqual(expected);
  expect(lines.join()).not.toContain("secret");
});

test.each<[string, string]>([
  ["https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "invalid"],
  ["https://hooks.slack.com/services/YOUR/WEBHOOK/URL", "invalid"],
  ["https://hooks.slack.com/services/XXX/YYY/ZZZ", "invalid"],
  ["https://hooks.slack.com/", "invalid"],
  ["https://hooks.slack.com/services/T0LAB/B0LAB/alerts", "notice"],
  ["https://hooks.slack.com/triggers/T0LAB/123/abc", "notice"],
  ["https://hc-ping.com/your-uuid-here", "invalid"],
  ["https://hc-ping.com/0b6a", "beat"],
  ["https://discord.com/api/webhooks/xxx/yyy", "invalid"],
  ["https://hooks.mail.example.com/hooks/a", "invalid"],
  ["https://chat.your-domain.com/hooks/a", "invalid"],
  ["https://chat.corp.jp/hooks/a", "notice"],
  ["http://127.0.0.1:18789/hooks/wake", "local"],
  ["http://[::1]/hooks/wake", "local"],
  ["http://localhost:3001/api/push/x", "local"],
  ["http://kuma.local/api/push/x", "local"],
  ["http://claw.corp.jp/hooks/a", "local"],
  ["http://10.0.0.5/hooks/a", "local"],
  ["http://172.18.0.9:3001/api/push/x", "local"],
  ["http://127.0.0.1:18789/healthz", "other"],
  ["https://corp.jp/status", "url"],
  ["you@your-domain.com", "invalid"],
  ["ops@yourcompany.com", "invalid"],
  ["ops@mail.example.com", "invalid"],
  ["your.name@corp.jp", "invalid"],
  ["ops@example.test", "invalid"],
  ["todo@corp.jp", "remote"],
  ["admin@server.local", "other"],
  ["root@claw.corp.jp", "local"],
  ["root@localhost.localdomain", "local"],
  ["ops@corp.jp.", "remote"],
  ["ops@CORP.jp", "remote"],
])("where %s leads: %s", (text, expected) => {
  expect(said("alert_words", `TO="${text}"\n`)).toEqual([`variable TO ${expected}`]);
});

test("a line that is too long is left out, and known to be", () => {
  const long = "a".repeat(4096);
  const unread = ["sends mail:local", "unread a line"];
  expect(said("alert_words", `mail ops@corp.jp ${long}\nmail root\n`)).toEqual(unread);
  expect(said("alert_words", `echo ${"a \\\n".repeat(2000)}curl x\nmail root\n`)).toEqual(unread);
  expect(said("alert_words", `# mail ${long}\nx=${long}\nmail root\n`)).toEqual(["sends mail:local"]);
});

test("a script takes no longer than others, whatever stands in it", () => {
  const start = performance.now();
  said("alert_words", `echo ${"${A}".repeat(50_000)}\n${`mail ${"${A}".repeat(1000)}\n`.repeat(15)}`);
  said("alert_words", `mail \\\n`.repeat(9000));
  expect(performance.now() - start).toBeLessThan(8000);
});

test("settings that come with an older date, and those that go, count as changed", () => {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-"));
  const changed = () =>
    Number(spawnSync("sh", ["-c", `${functions}\nlimit=\nlast_change ${folder}`]).stdout.toString());
  try {
    mkdirSync(join(folder, "jail.d"));
    mkdirSync(join(folder, "action.d"));
    for (const name of [".", "jail.d"]) utimesSync(join(folder, name), 1000, 1000);
    expect(changed()).toBe(1000);
    utimesSync(join(folder, "jail.d"), 2000, 2000);
    expect(changed()).toBe(2000);
    writeFileSync(join(folder, "jail.local"), "");
    utimesSync(join(folder, "jail.local"), 1000, 1000);
    utimesSync(folder, 1000, 1000);
    expect(changed()).toBeGreaterThan(Date.now() / 1000 - 60);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<[string, readonly string[]]>([
  ["host mail.corp.jp", ["msmtp 1"]],
  ["# host mail.corp.jp", ["msmtp 0"]],
  ["host smtp.example.com", ["msmtp 0"]],
  ["host smtp.your-domain.com\nhost smtp.corp.jp", ["msmtp 1"]],
  ["host localhost", ["msmtp near"]],
  ["host relay.corp.local\naliases /etc/aliases", ["msmtp near", "msmtp aliases"]],
])("msmtp's settings: %s", (text, expected) => {
  expect(said("msmtp_filter", `${text}\n`)).toEqual(expected);
});

test.each<[string, boolean]>([
  ["*.* @@logs.corp.jp:514", true],
  ["auth.*\t@10.0.0.9", true],
  ['action(type="omfwd" target="logs.corp.jp")', true],
  ["*.* :omrelp:logs.corp.jp:2514", true],
  ["# *.* @@logs.corp.jp", false],
  ["mail.* -/var/log/mail.log", false],
])("rsyslog's settings: %s", (line, expected) => {
  const call = `${functions}\nlimit=\nrsyslog_forwards -`;
  expect(spawnSync("sh", ["-c", call], { input: `${line}\n` }).status === 0).toBe(expected);
});

test("when the time for scripts is over they are unread", () => {
  const call = `${functions}\nalerts_until=0 privilege=none sudo_all=no limit=\nalert_job /bin/sh\nalert_script /etc/passwd`;
  expect(spawnSync("sh", ["-c", call], { encoding: "utf8" }).stdout).toBe(
    "unread for lack of time\nunread /etc/passwd\n",
  );
});

const secrets = `HOOK=https://hooks.slack.com/services/T0LAB/B0LAB/Zm9vYmFyYmF6
cat <<EOF
dG9rZW46c2VjcmV0cGFzc3dvcmQxMjM=
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg
QmFzZTY0b2ZBS2V5VGhhdElzTm9uZQ==
-----END PRIVATE KEY-----
EOF
curl -d x "$HOOK"
`;

test("of a job only those variables are told that it sends to, and nothing that only looks like one", () => {
  const call = `${functions}
    job() { echo 'unit tell.service'; awk "$alert_functions$alert_words"; printf 'unit other.service\nvariable HOOK notice\n'; }
    alert_jobs job`;
  const run = spawnSync("sh", ["-c", call], { input: secrets, encoding: "utf8" });
  expect(run.stdout.split("\n")).toEqual([
    "unit tell.service",
    "variable HOOK notice",
    "sends post:$HOOK",
    "done",
    "unit other.service",
    "",
  ]);
});

test("a name that is longer than names are is not told", () => {
  const name = `ALERT_HOOK_${"a".repeat(40)}`;
  expect(said("alert_words", `${name}=https://corp.jp/hooks/a\ncurl -d x "$${name}"\nmail "$${name}"\n`)).toEqual([
    "sends post:$?",
    "sends mail:$?",
  ]);
});

const action = (ban: string) =>
  `['multi-set', 'sshd', 'action', 'tell', [['actionstart', ''], ['actionban', '${ban}'], ['actionunban', '']]]\n`;

test.each<[string, string, string]>([
  [
    "mail with fail2ban's own words in its subject",
    action('printf %b "a\\nb" | mail -s "[Fail2Ban] sshd: banned <ip> from <fq-hostname>" ops@corp.jp'),
    "action sshd tell mail:remote",
  ],
  [
    "the mail that fail2ban sends by default",
    action(
      'printf %b "Date: `date +"%a, %d"`\\nTo: root" | /usr/sbin/sendmail -f "root@<fq-hostname>" "root@localhost"',
    ),
    "action sshd tell mail:local",
  ],
  [
    "a message",
    action('curl -d "{\\"text\\":\\"<ip>\\"}" https://hooks.slack.com/services/T/B/secret'),
    "action sshd tell post:notice",
  ],
  ["a ban alone", action("nft add element inet f2b-table addr-set { <ip> }"), "action sshd tell "],
  [
    "mail by Python, with a password beside it",
    `['set', 'sshd', 'addaction', 'smtp', 'action.d/smtp.py', '{"dest": "ops@corp.jp", "password": "secret"}']\n`,
    "action sshd smtp mail:remote",
  ],
  [
    "a report to somebody else",
    `['multi-set', 'sshd', 'action', 'abuseipdb', [['actionban', 'curl https://api.abuseipdb.com/webhook/ -H "Key: secret"']]]\n`,
    "action sshd abuseipdb ",
  ],
])("an action of fail2ban: %s", (_, text, expected) => {
  expect(said("fail2ban_filter", text).map((line) => line.trim())).toEqual([expected.trim()]);
});
