import type { Advisory, AdvisoryList } from "#model/advisory.ts";
import { compareReleases } from "#model/release.ts";
import type { Text } from "#model/text.ts";
import { isFields, opened } from "./strip.ts";
import { type GapsFound, note } from "./why.ts";

const path = "host.openclaw.advisories";

/** What is known of OpenClaw's weaknesses, and the day of the evaluation. */
export interface Knowledge {
  readonly advisories: AdvisoryList | undefined;
  readonly now: Date;
}

/**
 * The facts of OpenClaw with the advisories held against the release that runs. The list is open where it was never whole, and where it has
 * grown too old: what is not in it says nothing then.
 */
export function withAdvisories(openclaw: unknown, { advisories: list, now }: Knowledge, gaps: GapsFound): unknown {
  if (!isFields(openclaw) || openclaw["present"] !== true) return openclaw;
  if (list === undefined) {
    note(gaps, path, { text: noList });
    return openclaw;
  }
  const version = openclaw["version"];
  const known = typeof version === "string" && compareReleases(version, version) === 0;
  if (!known) note(gaps, `${path}[].affects`, { text: noVersion });
  const held = list.advisories.map((advisory) => heldAgainst(advisory, known ? version : undefined, { list, gaps }));
  const why = doubtAbout(list, now);
  if (why !== undefined) note(gaps, `${path}[]`, { text: why });
  return { ...openclaw, advisories: why === undefined ? held : opened(held), advisoriesAsOf: list.asOf };
}

function heldAgainst(
  advisory: Advisory,
  version: string | undefined,
  { list, gaps }: { readonly list: AdvisoryList; readonly gaps: GapsFound },
) {
  const { id, severity, fixedIn, summary } = advisory;
  const fields = { name: id, severity, fixedIn, summaryEn: summary.en, summaryJa: summary.ja };
  if (version === undefined) return fields;
  if (!isWithin(version, advisory.from, fixedIn)) return { ...fields, affects: false };
  const maintained = list.maintained?.some(
    ({ from, before }) => isWithin(version, from, before) && (compareReleases(before, fixedIn) ?? 0) <= 0,
  );
  if (maintained !== true) return { ...fields, affects: true };
  note(gaps, `${path}[].affects`, { text: maintainedText(version) });
  return fields;
}

/** Whether a release is not older than the one and older than the other. */
function isWithin(version: string, from: string | undefined, before: string): boolean {
  const old = from !== undefined && (compareReleases(version, from) ?? 0) < 0;
  return !old && (compareReleases(version, before) ?? 0) < 0;
}

function doubtAbout({ asOf, complete, staleAfterDays }: AdvisoryList, now: Date): Text | undefined {
  const days = Math.floor((now.getTime() - Date.parse(asOf)) / 86_400_000);
  if (days < 0) {
    return {
      en: `the list of advisories is of ${asOf}, which is after the day of this evaluation`,
      ja: `アドバイザリの一覧は${asOf}時点のもので、判定日より後の日付です`,
    };
  }
  if (days > staleAfterDays) {
    return {
      en: `the list of advisories is of ${asOf}, ${days} days old; what was published since is not in it`,
      ja: `アドバイザリの一覧は${asOf}時点のもので、${days}日を経過しており、その後に公表されたものを含みません`,
    };
  }
  if (complete) return undefined;
  return {
    en: `the list of advisories, of ${asOf}, holds only a part of those that are published`,
    ja: `アドバイザリの一覧(${asOf}時点)は、公表されたものの一部だけを収録しています`,
  };
}

const noList: Text = { en: "the catalogue has no list of advisories", ja: "カタログにアドバイザリの一覧がありません" };
const noVersion: Text = {
  en: "the release of OpenClaw that runs is not known",
  ja: "動作しているOpenClawのバージョンが不明です",
};

function maintainedText(version: string): Text {
  return {
    en: `${version} is of a line that gets fixes of its own, of which advisories do not tell`,
    ja: `${version}は独自に修正が提供される系列で、アドバイザリからは修正済みかどうか分かりません`,
  };
}
