import type { Level } from "#model/outcome.ts";
import type { Requirement } from "#model/rule.ts";
import type { Text } from "#model/text.ts";

/** Levels from the one that asks most to the one that asks nothing. */
const byStrength: readonly Level[] = ["must", "should", "info"];

/** A requirement that a profile asks less of than the guide does. */
export interface Lowered {
  readonly id: string;
  readonly from: Level;
  readonly to: Level;
}

/** Whether a level asks less than another. */
export function isWeaker(level: Level, than: Level): boolean {
  return byStrength.indexOf(level) > byStrength.indexOf(than);
}

/** The requirements whose level a profile lowers, in the catalogue's order. */
export function loweredBy(
  levels: ReadonlyMap<string, Level>,
  requirements: readonly Requirement[],
): readonly Lowered[] {
  return requirements.flatMap(({ id, level: from }) => {
    const to = levels.get(id) ?? from;
    return isWeaker(to, from) ? [{ id, from, to }] : [];
  });
}

/** Names what a profile lowers, in one sentence. */
export function loweredText(lowered: readonly Lowered[]): Text {
  const list = lowered.map(({ id, from, to }) => `${id} (${from} → ${to})`).join(", ");
  return {
    en: `The profile asks less than the guide of these requirements: ${list}.`,
    ja: `プロファイルにより、次の要件の水準をガイドより下げています: ${list}。`,
  };
}
