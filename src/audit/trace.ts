import type { EvidenceBundle } from "#model/bundle.ts";
import type { Progress } from "#model/progress.ts";

/** A sign of life, and when it came. */
export interface Told {
  readonly at: Date;
  readonly event: Progress;
}

/** One stretch of time in the Trace Event Format (complete events); times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: "X" | "M";
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * The time line of a run in the Trace Event Format, which Perfetto and Chrome's about:tracing show: for each vantage its steps, and below them the attempts
 * that gave evidence. Nothing of the target's own words is in it.
 */
export function traceOf(
  bundle: EvidenceBundle,
  told: readonly Told[],
): { readonly traceEvents: readonly TraceEvent[] } {
  const begun = Date.parse(bundle.startedAt);
  const microseconds = (time: number) => Math.max(0, Math.round((time - begun) * 1000));
  const vantages = bundle.vantages.map(({ id }) => id);
  const rowOf = (vantage: string, below: boolean) => vantages.indexOf(vantage) * 2 + (below ? 2 : 1);
  const names = vantages.flatMap((id) =>
    [false, true].map(
      (below): TraceEvent => ({
        name: "thread_name",
        cat: "__metadata",
        ph: "M",
        ts: 0,
        pid: 1,
        tid: rowOf(id, below),
        args: { name: below ? `${id}: evidence` : id },
      }),
    ),
  );
  const attempts = bundle.evidence.map(
    ({ kind, vantage, startedAt, durationMs, attempt }): TraceEvent => ({
      name: kind,
      cat: "evidence",
      ph: "X",
      ts: microseconds(Date.parse(startedAt)),
      dur: durationMs * 1000,
      pid: 1,
      tid: rowOf(vantage, true),
      args: { status: attempt.status },
    }),
  );
  return { traceEvents: [...names, ...stepsOf(told, { microseconds, rowOf }), ...attempts] };
}

interface Scale {
  readonly microseconds: (time: number) => number;
  readonly rowOf: (vantage: string, below: boolean) => number;
}

/** Each step from its start to its end; one that did not end is left out. */
function stepsOf(told: readonly Told[], { microseconds, rowOf }: Scale): readonly TraceEvent[] {
  const open = new Map<string, Told>();
  const events: TraceEvent[] = [];
  for (const each of told) {
    const { step, state, vantage, subject = "" } = each.event;
    const key = JSON.stringify([step, vantage, subject]);
    if (state === "start") open.set(key, each);
    const start = open.get(key);
    if (state !== "end" || start === undefined) continue;
    open.delete(key);
    const ts = microseconds(start.at.getTime());
    events.push({
      name: subject === "" ? step : `${step} ${subject}`,
      cat: "step",
      ph: "X",
      ts,
      dur: Math.max(0, microseconds(each.at.getTime()) - ts),
      pid: 1,
      tid: rowOf(vantage, false),
      args: each.event.total === undefined ? {} : { done: each.event.done, total: each.event.total },
    });
  }
  return events;
}
