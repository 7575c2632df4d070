import type { Static } from "typebox";
import type { Alerts } from "#evidence/alerts.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import type { AlertJob, AlertJobs } from "./alert-jobs.ts";
import { anyReaches, anyTells, channelsOf, type Mail } from "./alert-means.ts";
import { readUnits, type Unit } from "./backup-units.ts";
import { frameOf, type HostOutput } from "./frames.ts";
import { logShippers } from "./log-shippers.ts";
import { processNames } from "./processes.ts";
import { enabledUnits } from "./services.ts";
import { countsAsFailed } from "./unit-failure.ts";

type List = Static<typeof Alerts>["errorNotices"];
type Notice = Exclude<List[number], { $unknown: string }>;

/** Programs that may tell somebody of errors; whom they tell stands elsewhere. */
const others = ["alertmanager", "monit", "netdata", "zabbix_agentd", "zabbix_agent2", ...logShippers];

/** What tells somebody that OpenClaw failed or logged errors. */
export function readNotices(output: HostOutput, { list: jobs, open }: AlertJobs, mail: Mail): List {
  const units = servicesOf(output);
  const handlers = readUnits(output, "alerts.handlers");
  const started = new Map(jobs.filter(({ kind }) => kind === "unit").map((job) => [job.name, job] as const));
  const failures = units.flatMap((unit) =>
    (unit.get("OnFailure") ?? "")
      .split(" ")
      .filter((name) => name !== "")
      .map((name): Notice => {
        const state = handlers.get(name)?.get("LoadState");
        const there = state === undefined ? unknown("systemd told nothing of the unit it starts") : state === "loaded";
        const job = started.get(name);
        const failed = !/^(success)?$/.test(handlers.get(name)?.get("Result") ?? "");
        const told = job === undefined ? unreadNotice : noticeOf(job, mail);
        return {
          name: visible(`${unit.get("Id") ?? ""}: OnFailure=${name}`, 300),
          about: "failure",
          active: there === true ? countsAsFailed(unit) : there,
          ...told,
          destinationFault: failed && told.destinationFault === "" ? "its last run failed" : told.destinationFault,
        };
      }),
  );
  const logs = jobs
    .filter(({ sifts, sends, partly }) => sifts.openclaw === true && (sends.length > 0 || partly))
    .map((job): Notice => {
      return { name: job.name, about: "log", active: job.scheduled ?? false, ...noticeOf(job, mail) };
    });
  const unsure = jobs.find(
    ({ sifts, sends, scheduled }) => isUnknown(sifts.openclaw) && sends.length > 0 && (scheduled ?? false) !== false,
  );
  const why =
    openOf(output, open) ??
    (unsure === undefined ? undefined : `whether ${unsure.name} tells of errors in OpenClaw's log is not known`);
  return [...failures, ...logs, ...(why === undefined ? [] : [unknown(why)])];
}

const commands = unknown("what it runs could not be read");
const unreadNotice = { told: commands, channels: [] as string[], reaches: commands, destinationFault: "" };

/** Units that run OpenClaw itself: those of its processes or, where these are in none, those that no timer starts. */
function servicesOf(output: HostOutput): readonly Unit[] {
  const units = [...readUnits(output, "alerts.units").values()].filter((unit) => unit.get("LoadState") === "loaded");
  const groups = frameOf(output, "openclaw.processes")?.text ?? "";
  if (/^cgroup .*\.service$/m.test(groups)) {
    const names = new Set(
      [...groups.matchAll(/^cgroup \/system\.slice\/([^/\n]{1,256}\.service)$/gm)].map(([, name]) => name),
    );
    return units.filter((unit) => names.has(unit.get("Id") ?? ""));
  }
  const timed = new Set([...readUnits(output, "backups.timers").values()].map((timer) => timer.get("Unit")));
  return units.filter((unit) => !timed.has(unit.get("Id")));
}

/** Whether somebody is told, by what, and whether it arrives. */
export function noticeOf(
  job: AlertJob,
  mail: Mail,
): Pick<Notice, "told" | "channels" | "reaches" | "destinationFault"> {
  const channels = channelsOf(job.sends, job.variables, mail);
  const partly = job.partly ? unknown("a script of it, or its settings, could not be read") : undefined;
  if (channels.length === 0) {
    const none: Maybe<boolean> = partly ?? false;
    return { told: none, channels: [], reaches: none, destinationFault: "" };
  }
  const reaches = anyReaches(channels);
  const faults = [...new Set(channels.map(({ fault }) => fault).filter((fault) => fault !== ""))];
  return {
    told: anyTells(channels),
    channels: [...new Set(channels.map(({ name }) => name))],
    reaches: reaches === false && partly !== undefined ? partly : reaches,
    destinationFault: reaches === false && partly === undefined ? faults.join("; ") : "",
  };
}

function openOf(output: HostOutput, open: string | undefined): string | undefined {
  if (open !== undefined) return open;
  const systemd = /^systemd$/m.test(frameOf(output, "alerts.cron")?.text ?? "");
  if (systemd && enabledUnits(output) === undefined) return "the list of units was not read to its end";
  const names = processNames(output);
  if (names === undefined) return "processes could not be seen";
  const other = others.find((name) => names.has(name.slice(0, 15)));
  return other === undefined ? undefined : `${other} runs; whom it tells is not read`;
}
