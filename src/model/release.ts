/** A release of OpenClaw: year, month and number, then what orders releases of the same number. */
type Release = readonly [year: number, month: number, number: number, stage: number, step: number];

/** What a release of OpenClaw is called: 2026.9.6, 2026.9.1-beta.1 before 2026.9.1, 2026.7.1-2 mended after 2026.7.1. */
export const releasePattern = "^\\d{4}\\.\\d{1,2}\\.\\d{1,3}(-(\\d{1,3}|(alpha|beta|rc)\\.\\d{1,3}))?$";

const stages = ["alpha", "beta", "rc", ""];

function read(version: string): Release | undefined {
  if (!new RegExp(releasePattern).test(version)) return undefined;
  const [base = "", suffix = ""] = version.split("-");
  const [year = 0, month = 0, number = 0] = base.split(".").map(Number);
  const [stage = "", step = "0"] = /^\d+$/.test(suffix) ? ["", suffix] : suffix.split(".");
  return [year, month, number, stages.indexOf(stage), Number(step)];
}

/**
 * Compares two releases of OpenClaw: below 0 where the first is the older. Unlike in Semantic Versioning a number behind a hyphen mends the
 * release and is newer. Undefined where one is called otherwise.
 */
export function compareReleases(a: string, b: string): number | undefined {
  const [first, second] = [read(a), read(b)];
  if (first === undefined || second === undefined) return undefined;
  const differs = first.findIndex((part, index) => part !== second[index]);
  return differs < 0 ? 0 : (first[differs] ?? 0) - (second[differs] ?? 0);
}
