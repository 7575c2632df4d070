import { dayOf } from "#attestation/days.ts";
import type { Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { GateCheck } from "./gate.ts";
import { coverageOf } from "./requirements.ts";

const minuteMs = 60_000;

/** How far ahead of ours the clock of the machine that collected may be. */
const clockSlackMs = 5 * minuteMs;

/** Whether the evidence is young enough, and not from the future. */
export function freshCheck(report: Report, maxAgeMs: number, now: Date): GateCheck {
  const collected = Date.parse(report.collection.startedAt);
  const ageMs = now.getTime() - collected;
  const day = report.collection.startedAt;
  if (Number.isNaN(ageMs) || ageMs < -clockSlackMs) {
    const reason = {
      en: `Its evidence is dated ${day}, which is not in the past.`,
      ja: `証跡の日時 ${day} が過去の日時ではありません。`,
    };
    return { id: "age", status: "undecided", reason };
  }
  if (ageMs > maxAgeMs) {
    const reason = {
      en: `Its evidence is too old: collected ${day}, ${span(ageMs).en} ago, where ${span(maxAgeMs).en} are allowed.`,
      ja: `証跡が古すぎます。採取は ${day}(${span(ageMs).ja}前)で、許容は${span(maxAgeMs).ja}です。`,
    };
    return { id: "age", status: "undecided", reason };
  }
  const reason = { en: `Its evidence is ${span(ageMs).en} old.`, ja: `証跡は${span(ageMs).ja}前のものです。` };
  return { id: "age", status: "passed", reason };
}

/** A time in the largest unit that it fills, rounded up. */
function span(ms: number): Text {
  const minutes = Math.max(0, ms / minuteMs);
  if (minutes < 60) return { en: `${Math.ceil(minutes)} min`, ja: `${Math.ceil(minutes)}分` };
  const hours = minutes / 60;
  if (hours < 48) return { en: `${Math.ceil(hours)} h`, ja: `${Math.ceil(hours)}時間` };
  return { en: `${Math.ceil(hours / 24)} days`, ja: `${Math.ceil(hours / 24)}日` };
}

/** Whether enough of what is in scope was decided. */
export function coverageCheck({ requirements }: Report, percent: number): GateCheck {
  const { decided, inScope } = coverageOf(requirements);
  // Compared without division, so that 100 asks for all of them and nothing in scope never is enough.
  const enough = inScope > 0 && decided * 100 >= percent * inScope;
  const share = inScope === 0 ? 0 : Math.floor((decided * 100) / inScope);
  const reason = {
    en: `${decided} of ${inScope} requirements in scope were decided (${share} %, ${percent} % asked).`,
    ja: `対象 ${inScope} 件のうち ${decided} 件を判定しました(${share}%、求める割合は${percent}%)。`,
  };
  return { id: "coverage", status: enough ? "passed" : "undecided", reason };
}

/** What the report rests on and has ended since it was judged: waivers and statements count to their last day, and no longer. */
export function endedCheck(report: Report, now: Date): readonly GateCheck[] {
  const today = dayOf(now);
  const waivers = (report.waivers ?? [])
    .filter(({ state, until }) => state === "applied" && until < today)
    .map(({ rule, until }) => `${rule} (${until})`);
  const statements = (report.statements ?? [])
    .filter(({ state, countsUntil }) => state === "counted" && countsUntil < today)
    .map(({ requirement, countsUntil }) => `${requirement} (${countsUntil})`);
  const ended = [...waivers, ...statements];
  if (ended.length === 0) return [];
  const list = ended.slice(0, 5).join(", ");
  const reason = {
    en: `Waivers or statements that it rests on have ended since: ${list}. Judge its evidence again.`,
    ja: `この報告書が前提とするリスク受容または担当者の証明は、その後期限が切れています: ${list}。証跡を判定し直してください。`,
  };
  return [{ id: "term", status: "undecided", reason }];
}
