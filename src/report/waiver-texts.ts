import type { Text } from "#model/text.ts";

/** Texts of waivers. Same notation as in texts.ts. */
export const waiverTexts = {
  waiversTitle: { en: "Waivers", ja: "リスク受容" },
  waiversLead: {
    en: "Declared in the policy. A waiver changes no outcome: what it accepts still fails, and does not block while it is in force. What is unknown cannot be waived.",
    ja: "方針に記載されたリスク受容です。判定結果は変わりません。受容した不適合は不適合のまま残り、有効期間中は通過を妨げません。判定不能は受容できません。",
  },
  waivedFail: { en: "Fail, waived", ja: "不適合(受容)" },
  waiver: { en: "Waiver", ja: "リスク受容" },
  waiverLine: { en: "until {until}, by {by}: {reason}", ja: "{until}まで、{by}。{reason}" },
  waiverSubjects: { en: "Covers", ja: "対象" },
  waiverAll: { en: "every finding of the rule", ja: "この規則の不適合すべて" },
  waiverBy: { en: "Accepted by", ja: "受容者" },
  waiverReason: { en: "Because", ja: "理由" },
  waiverTerm: { en: "In force", ja: "有効期間" },
  waiverAccepts: { en: "Accepts", ja: "受容した件数" },
} as const satisfies Record<string, Text>;

export type WaiverKey = keyof typeof waiverTexts;
