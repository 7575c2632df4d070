import type { Static } from "typebox";
import type { Alerts } from "#evidence/alerts.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import type { AlertJob } from "./alert-jobs.ts";
import { readUnits, timeOf } from "./backup-units.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { entryTimeMs } from "./log-time.ts";
import { processNames } from "./processes.ts";

type List = Static<typeof Alerts>["monitors"];
type Monitor = Exclude<List[number], { $unknown: string }>;

/** Agents of services that notice when a host falls silent. */
const agents = [
  ...[
    "zabbix_agentd",
    "zabbix_agent2",
    "node_exporter",
    "prometheus-node-exporter",
    "netdata",
    "mackerel-agent",
    "newrelic-infra",
  ],
  ...[
    "datadog-agent",
    "telegraf",
    "collectd",
    "nrpe",
    "icinga2",
    "sensu-agent",
    "cmk-agent-ctl",
    "amazon-cloudwatch-agent",
  ],
  ...["google_cloud_ops_agent", "monit", "site24x7agent", "beszel-agent", "alloy", "otelcol", "otelcol-contrib"],
];

/** Who would notice that the server does not answer any more. */
export function readMonitors(
  output: HostOutput,
  jobs: readonly AlertJob[],
  clock: { readonly now: number; readonly utcOffsetMinutes: number },
): List {
  const why = openOf(output);
  return [
    ...requests(output, clock),
    ...heartbeats(output, jobs, clock),
    ...running(output),
    ...(why === undefined ? [] : [unknown(why)]),
  ];
}

/** Monitors by their requests that were answered in the last day. */
function requests(output: HostOutput, clock: { readonly now: number; readonly utcOffsetMinutes: number }): Monitor[] {
  const found = new Map<string, { times: number; last: number }>();
  for (const line of (frameOf(output, "alerts.requests")?.text ?? "").split("\n")) {
    const [, name, count, time = ""] = /^seen (\S{1,40}) answered (\d{1,9}) (.{26})$/.exec(line) ?? [];
    const at = (entryTimeMs(time, clock.utcOffsetMinutes) ?? Number.NaN) / 1000;
    // What is dated in the future tells nothing of the last day.
    if (name === undefined || !(at <= clock.now + 300)) continue;
    const before = found.get(name) ?? { times: 0, last: at };
    const recent = at > clock.now - 86_400;
    found.set(name, {
      times: before.times + (recent ? Number(count) : 0),
      last: Math.max(before.last, at),
    });
  }
  return [...found].map(([name, { times, last }]) => ({
    name: visible(name, 40),
    means: "requests" as const,
    timesLastDay: times,
    lastSeenMinutes: Math.max(0, Math.floor((clock.now - last) / 60)),
  }));
}

/** Jobs that report to a service which tells somebody when they stop. */
function heartbeats(
  output: HostOutput,
  jobs: readonly AlertJob[],
  clock: { readonly now: number; readonly utcOffsetMinutes: number },
): Monitor[] {
  const services = readUnits(output, "backups.services");
  return jobs
    .filter(({ sends, variables, scheduled }) => {
      const beats = sends.some((word) => {
        const to = /^post:(\S+)$/.exec(word)?.[1] ?? "";
        return to === "beat" || (to.startsWith("$") && variables.get(to.slice(1)) === "beat");
      });
      return beats && scheduled === true;
    })
    .map(({ name }): Monitor => {
      const service = services.get(name);
      const ended = timeOf(service?.get("ExecMainExitTimestamp"), clock.utcOffsetMinutes);
      const succeeded = service?.get("Result") === "success" && ended !== undefined;
      return {
        name,
        means: "heartbeat",
        timesLastDay: unknown("how often it reported is not kept"),
        lastSeenMinutes: succeeded
          ? Math.max(0, Math.floor((clock.now - ended) / 60))
          : unknown("whether its last run succeeded is not known"),
      };
    });
}

function running(output: HostOutput): Monitor[] {
  const names = processNames(output);
  return agents
    .filter((name) => names?.has(name.slice(0, 15)) === true)
    .map((name) => {
      const why = unknown("to whom it reports, and whether that tells anybody, is not read");
      return { name, means: "agent" as const, timesLastDay: why, lastSeenMinutes: why };
    });
}

/** Why there may be monitors that were not seen. */
function openOf(output: HostOutput): string | undefined {
  const frame = frameOf(output, "alerts.requests");
  if (frame === undefined) return "access logs were not read";
  // find and grep end with 1 where nothing was found.
  const fault = frame.exitCode === 1 ? undefined : faultOf(frame);
  if (fault !== undefined) return `access logs: ${fault.detail}`;
  if (frame.state !== "ok") return "access logs were not read to their end";
  if (/^hidden$/m.test(frame.text)) return "an access log may not be read";
  const big = /^big (\/\S{1,200})$/m.exec(frame.text)?.[1];
  if (big !== undefined) return `too large to be looked through: ${visible(big, 200)}`;
  if (!/^log \//m.test(frame.text)) return "no access log of the last two days was found";
  return processNames(output) === undefined ? "processes could not be seen" : undefined;
}
