import type { Text } from "#model/text.ts";

/** Texts of the terminal summary only. Same notation as in texts.ts. */
export const summaryTexts = {
  andMore: { en: "and {count} more", ja: "ほか {count}件" },
  shouldFails: { en: "Advised, but not met", ja: "推奨要件の不適合" },
  advisoryShort: {
    en: "Advisory: holds within what was examined, at the time stated.",
    ja: "助言型の監査です。実施した検査の範囲と時点についての結果です。",
  },
} as const satisfies Record<string, Text>;

export type SummaryKey = keyof typeof summaryTexts;
