import type { FailureReason } from "#model/attempt.ts";
import type { Text } from "#model/text.ts";
import type { Look } from "./looks.ts";
import { printableReason } from "./printable.ts";

/** Why something is not known. */
export interface Why {
  readonly text: Text;
  /** Reason of the attempt that failed, where one did. */
  readonly reason?: FailureReason | undefined;
  /** What would change it, where that is known here better than from the path. */
  readonly remedy?: Text | undefined;
}

/** What the projection left out, and why. */
export interface GapsFound {
  /** By path in the notation of an expression's `reads`; an open end stands under the path of the elements. */
  readonly whys: Map<string, Why[]>;
  /** Paths and reasons that were noted already. */
  readonly said: Set<string>;
}

/** No gaps yet. */
export function noGaps(): GapsFound {
  return { whys: new Map(), said: new Set() };
}

/** Notes why something at a path is not known, each reason once. */
export function note(gaps: GapsFound, path: string, why: Why): void {
  const saying = `${path}\n${why.text.en}`;
  if (gaps.said.has(saying)) return;
  gaps.said.add(saying);
  const there = gaps.whys.get(path);
  if (there === undefined) gaps.whys.set(path, [why]);
  else there.push(why);
}

/** Why an attempt that could not tell, could not. */
export function whyUndecided({ evidence, id }: Look): Why {
  const { attempt } = evidence;
  switch (attempt.status) {
    case "failed": {
      const detail = printableReason(attempt.detail);
      const text = {
        en: `${id} failed (${attempt.reason}): ${detail.en}`,
        ja: `${id} は失敗しました(${reasonsJa[attempt.reason]}): ${detail.ja}`,
      };
      return { text, reason: attempt.reason };
    }
    case "not_attempted": {
      const detail = printableReason(attempt.detail);
      return { text: { en: `${id} was not attempted: ${detail.en}`, ja: `${id} は実施していません: ${detail.ja}` } };
    }
    case "absent": {
      const detail = printableReason(attempt.detail);
      return { text: { en: `${id} found nothing: ${detail.en}`, ja: `${id} では見つかりませんでした: ${detail.ja}` } };
    }
    case "observed":
      return malformed(id);
  }
}

/** Why a value that is not what its kind says tells nothing. */
export function malformed(id: string): Why {
  const text = { en: `${id} holds a value of another shape`, ja: `${id} の値の形が想定と異なります` };
  return { text, reason: "malformed" };
}

/** Why an empty list tells nothing where no server has an empty one. */
export function emptied(path: string): Why {
  const text = {
    en: `${path} came out empty, which it cannot be on a server, so it was not read`,
    ja: `${path} が空でした。サーバーで空になることはないため、読み取れていません`,
  };
  return { text, reason: "malformed" };
}

/** Why in the words of the mark for the unknown, which are text unless the bundle is broken. */
export function marked(mark: unknown): Why {
  return { text: printableReason(String(mark)) };
}

/** Reasons of failure in Japanese. */
const reasonsJa: Readonly<Record<FailureReason, string>> = {
  timeout: "時間切れ",
  refused: "拒否された",
  unreachable: "到達できない",
  denied: "権限がない",
  malformed: "応答が解釈できない",
  unsupported: "対応していない",
  truncated: "上限で打ち切り",
  bug: "ツールの不具合",
};
