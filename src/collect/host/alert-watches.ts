import type { Static } from "typebox";
import type { Alerts } from "#evidence/alerts.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { readAdminUiLogs } from "./admin-ui-logs.ts";
import type { AlertJobs } from "./alert-jobs.ts";
import { anyReaches, type Channel, channelsOf, type Mail } from "./alert-means.ts";
import { noticeOf } from "./alert-notices.ts";
import { type Jail, readJails } from "./fail2ban.ts";
import type { HostOutput } from "./frames.ts";
import { logShippers } from "./log-shippers.ts";
import { nestedProcessNames, processNames, rootProcessNames } from "./processes.ts";

type Watch = Static<typeof Alerts>["ssh"];

/** Programs that look for attempts too; what they look at and whom they tell is not read. */
const others = ["crowdsec", "wazuh-agentd", "ossec-analysisd", "auditd", "falco", "denyhosts", "psad", "reaction"];

/** In a container these look at the host's logs only where they are handed in, which is not read. */
const nestedOthers = [...others, "fail2ban-server", "sshguard"];

/** Who looks for attempts at SSH and at the admin UI. */
export function readWatches(
  output: HostOutput,
  {
    utcOffsetMinutes,
    jobs,
    mail,
  }: { readonly utcOffsetMinutes: number; readonly jobs: AlertJobs; readonly mail: Mail },
): { readonly ssh: Watch; readonly adminUi: Watch } {
  const names = processNames(output);
  if (names === undefined) {
    const hidden = unseen("processes could not be seen");
    return { ssh: hidden, adminUi: hidden };
  }
  const doubt = otherOf(output, names, mail);
  const daemons = rootProcessNames(output);
  const read = daemons?.has("fail2ban-server") === true ? readJails(output, utcOffsetMinutes) : { jails: [] };
  if ("why" in read) return { ssh: unseen(read.why), adminUi: unseen(read.why) };
  const logs = readAdminUiLogs(output);
  const refusing = read.jails.filter(({ matchesRefusals }) => matchesRefusals);
  const adminUi = refusing.filter(
    ({ paths, journal }) =>
      paths.some((path) => logs.paths.has(path) || isOpenclawLog(path)) ||
      journal.includes("openclaw") ||
      (logs.proxied && logs.journal && readsOnlyJournal({ paths, journal }, "nginx")),
  );
  const elsewhere = refusing.length > 0 && (!logs.proxied || logs.open !== undefined);
  const nginxJournal = refusing.find((jail) => readsOnlyJournal(jail, "nginx"));
  const guardsSsh = read.jails.filter(({ matchesSsh }) => matchesSsh);
  const onSsh = guardsSsh.filter(
    (jail) => jail.paths.some((path) => sshdLogs.has(path)) || readsOnlyJournal(jail, "ssh"),
  );
  const sshElsewhere = guardsSsh.find(({ paths }) => paths.length > 0);
  const ssh = watchOf(
    onSsh,
    mail,
    doubt ??
      (sshElsewhere === undefined
        ? undefined
        : `whether sshd writes the log that jail ${sshElsewhere.name} reads is not known`),
  );
  const guarded =
    ssh.watched !== true && daemons?.has("sshguard") === true ? { ...ssh, watched: true, by: "sshguard" } : ssh;
  return {
    ssh: withJobs(guarded, jobs, mail),
    adminUi: watchOf(adminUi, mail, doubt ?? adminUiDoubt(elsewhere, nginxJournal)),
  };
}

/** Another program that may look for attempts, or hand the logs to one. */
function otherOf(output: HostOutput, names: ReadonlySet<string>, mail: Mail): string | undefined {
  const runs = [...others, ...logShippers].find((name) => names.has(name.slice(0, 15)));
  if (runs !== undefined) return `${runs} runs; what it looks at and whom it tells is not read`;
  const nested = nestedProcessNames(output);
  const inside = [...nestedOthers, ...logShippers].find((name) => nested.has(name.slice(0, 15)));
  if (inside !== undefined) return `${inside} runs in a container; what it looks at and whom it tells is not read`;
  return mail.forwards ? "the host hands its logs to another machine; whom that tells is not read" : undefined;
}

/** Where sshd's lines stand by rsyslog's settings as distributions have them. */
const sshdLogs: ReadonlySet<string> = new Set(["/var/log/auth.log", "/var/log/secure"]);

/** A jail on files reads no journal, whatever its pattern for one. */
function readsOnlyJournal({ paths, journal }: Pick<Jail, "paths" | "journal">, service: string): boolean {
  return paths.length === 0 && journal.includes(service);
}

function isOpenclawLog(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return path.includes("/openclaw/") || (name.includes("openclaw") && name.endsWith(".log"));
}

function adminUiDoubt(elsewhere: boolean, nginxJournal: Jail | undefined): string | undefined {
  if (elsewhere) return "where requests for OpenClaw are logged is not known";
  return nginxJournal === undefined
    ? undefined
    : `jail ${nginxJournal.name} reads nginx's journal, and nginx's settings do not say that it writes one`;
}

function unseen(why: string): Watch {
  return { watched: unknown(why), by: "", told: unknown(why), channels: [] };
}

function watchOf(jails: readonly Jail[], mail: Mail, doubt: string | undefined): Watch {
  const none: Maybe<boolean> = doubt === undefined ? false : unknown(doubt);
  if (jails.length === 0) return { watched: none, by: "", told: none, channels: [] };
  const words = jails.flatMap(({ tells }) => tells);
  const unread: Channel[] = words.includes("other")
    ? [
        {
          name: "webhook",
          tells: true,
          reaches: unknown("what an action of the jail does could not be read"),
          fault: "",
        },
      ]
    : [];
  const known = channelsOf(words, new Map(), mail);
  const told = anyReaches([...known, ...unread]);
  return {
    watched: true,
    by: `fail2ban: ${jails.map(({ name }) => name).join(", ")}`,
    told: told === false ? none : told,
    channels: [...new Set(known.map(({ name }) => name))],
  };
}

/** A job that looks through the log of logins and tells somebody tells of attempts too. */
function withJobs(watch: Watch, { list, open }: AlertJobs, mail: Mail): Watch {
  if (watch.told !== false) return watch;
  const telling = list
    .filter(({ sifts, scheduled }) => sifts.attempts !== false && scheduled === true)
    .map((job) => ({ job, ...noticeOf(job, mail) }));
  const sure = telling.find(
    ({ job, told, reaches }) => job.sifts.attempts === true && told === true && reaches === true,
  );
  if (sure !== undefined)
    return {
      watched: true,
      by: watch.by === "" ? sure.job.name : watch.by,
      told: true,
      channels: sure.channels,
    };
  const unsure = telling.find(({ told, reaches }) => told !== false && reaches !== false);
  const why = unsureWhy(mail, unsure?.job.name);
  if (why !== undefined) return { ...watch, watched: watch.watched === true ? true : unknown(why), told: unknown(why) };
  if (open === undefined) return watch;
  return { ...watch, watched: watch.watched === true ? true : unknown(open), told: unknown(open) };
}

/** A program that mails what it found in the logs from time to time would count, but its settings are not read. */
function unsureWhy(mail: Mail, job: string | undefined): string | undefined {
  if (mail.digest !== undefined) return `${mail.digest} is installed; whom it tells is not read`;
  return job === undefined ? undefined : `whom ${job} tells could not be read`;
}
