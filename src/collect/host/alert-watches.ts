import type { Static } from "typebox";
import type { Alerts } from "#evidence/alerts.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { readAdminUiLogs } from "./admin-ui-logs.ts";
import type { AlertJobs } from "./alert-jobs.ts";
import { anyReaches, type Channel, channelsOf, type Mail } from "./alert-means.ts";
import { noticeOf } from "./alert-notices.ts";
import { type Jail, readJails } from "./fail2ban.ts";
import type { HostOutput } from "./frames.ts";
import { processNames, rootProcessNames } from "./processes.ts";

type Watch = Static<typeof Alerts>["ssh"];

/** Programs that look for attempts too; what they look at and whom they tell is not read. */
const others = ["crowdsec", "wazuh-agentd", "ossec-analysisd", "auditd", "falco", "denyhosts", "psad", "reaction"];

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
  const other = others.find((name) => names.has(name.slice(0, 15)));
  const doubt = other === undefined ? undefined : `${other} runs; what it looks at and whom it tells is not read`;
  const daemons = rootProcessNames(output);
  const read = daemons?.has("fail2ban-server") === true ? readJails(output, utcOffsetMinutes) : { jails: [] };
  if ("why" in read) return { ssh: unseen(read.why), adminUi: unseen(read.why) };
  const logs = readAdminUiLogs(output);
  const refusing = read.jails.filter(({ matchesRefusals }) => matchesRefusals);
  const adminUi = refusing.filter(
    ({ paths, journal }) =>
      paths.some((path) => logs.paths.has(path) || /openclaw[^/]*\.log$|\/openclaw\//.test(path)) ||
      journal.includes("openclaw") ||
      (logs.proxied && journal.includes("nginx") && paths.length === 0),
  );
  const elsewhere = refusing.length > 0 && (!logs.proxied || logs.open !== undefined);
  const ssh = watchOf(
    read.jails.filter(({ matchesSsh, paths, journal }) => matchesSsh && (paths.length > 0 || journal.includes("ssh"))),
    mail,
    doubt,
  );
  const guarded =
    ssh.watched !== true && daemons?.has("sshguard") === true ? { ...ssh, watched: true, by: "sshguard" } : ssh;
  return {
    ssh: withJobs(guarded, jobs, mail),
    adminUi: watchOf(
      adminUi,
      mail,
      doubt ?? (elsewhere ? "where requests for OpenClaw are logged is not known" : undefined),
    ),
  };
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
    .filter(({ sifts, scheduled }) => sifts.attempts && scheduled === true)
    .map((job) => ({ job, ...noticeOf(job, mail) }));
  const sure = telling.find(({ told, reaches }) => told === true && reaches === true);
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

/** A program that mails once a day what it found in the logs would count, but its settings are not read. */
function unsureWhy(mail: Mail, job: string | undefined): string | undefined {
  if (mail.logwatch) return "logwatch is installed; whom it tells is not read";
  return job === undefined ? undefined : `whom ${job} tells could not be read`;
}
