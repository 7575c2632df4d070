import type { Alerts } from "#evidence/alerts.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { readAlertJobs } from "./alert-jobs.ts";
import { readMail } from "./alert-means.ts";
import { readMonitors } from "./alert-monitors.ts";
import { readNotices } from "./alert-notices.ts";
import { readWatches } from "./alert-watches.ts";
import { readClock } from "./clock.ts";
import { frameOf, type HostOutput, missing } from "./frames.ts";

/** Who is told of attempts to break in, of an outage and of errors. */
export function parseAlerts(output: HostOutput): Attempt<Alerts> {
  if (frameOf(output, "alerts.mail") === undefined) return missing(output, "the section of alerts");
  const clock = readClock(output);
  if (clock?.utcOffsetMinutes === undefined) return failed("malformed", "the host's clock could not be read");
  const { utcOffsetMinutes } = clock;
  const jobs = readAlertJobs(output);
  const mail = readMail(output);
  return observed({
    ...readWatches(output, { utcOffsetMinutes, jobs, mail }),
    monitors: readMonitors(output, jobs.list, { now: clock.epochMs / 1000, utcOffsetMinutes }),
    errorNotices: readNotices(output, jobs, mail),
  });
}

/**
 * Whether a line may stand in the excerpt: of the words that the script prints, each in its own form. Names of variables stay out, for
 * what looks like one may be part of something else.
 */
export function isShownOfAlerts(line: string): boolean {
  return (
    /^(Status$|[|`]- |unit |cron |schedule |daemon |systemd$|program |sendmail |msmtp |exim |postfix |alias |forwards$|awk works$)/.test(
      line,
    ) ||
    /^(jail|start|reads|names|seeks|sifts|journal|matches|runs|changed|faulty|done|log|big|seen|hidden|unread)( |$)/.test(
      line,
    ) ||
    /^(Id|Unit|LoadState|ActiveState|Result|OnFailure|Restart|RestartMode|RestartUSec|StartLimitIntervalUSec|StartLimitBurst|StateChangeTimestamp)=/.test(
      line,
    ) ||
    /^(sends|action \S{1,100} \S{1,100})( (mail|post):(\$([A-Za-z_]\w{0,39}|\?)|[a-z]{1,10})| other)* *$/.test(line)
  );
}
