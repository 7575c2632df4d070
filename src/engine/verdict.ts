import { exitCodes } from "#model/exit-codes.ts";
import type { Counts, Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";

/** The verdict over the requirements of level must; those of other levels never change it. */
export function verdictOf({ must, should }: { must: Counts; should: Counts }): Report["verdict"] {
  const undecided = must.unknown + must.notchecked + must.error;
  const advice = joined(waivedOf(must.waived ?? 0), adviceOn(should.fail));
  if (must.fail > 0) {
    const rest = undecidedBeside(undecided);
    const reason = {
      en: `Blocked: ${ofMust(must.fail, "fails", "fail")}${rest.en}.${advice.en}`,
      ja: `必須 ${must.fail} 件が不適合です${rest.ja}。${advice.ja}`,
    };
    return { status: "blocked", exitCode: exitCodes.blocked, reason };
  }
  if (undecided > 0) {
    const reason = {
      en: `Undecided: ${ofMust(undecided, "could", "could")} not be decided (unknown ${must.unknown}, not checked ${must.notchecked}, error ${must.error}); ${must.pass} passed.${advice.en}`,
      ja: `必須 ${undecided} 件を判定できていません(判定不能 ${must.unknown}、未検査 ${must.notchecked}、エラー ${must.error})。適合は ${must.pass} 件です。${advice.ja}`,
    };
    return { status: "undecided", exitCode: exitCodes.undecided, reason };
  }
  const reason = {
    en: `Passed: within what was examined, all ${must.pass} must-requirements that apply are met.${advice.en}`,
    ja: `実施した検査の範囲では、該当する必須 ${must.pass} 件をいずれも満たしていました。${advice.ja}`,
  };
  return { status: "passed", exitCode: exitCodes.passed, reason };
}

function ofMust(count: number, one: string, many: string): string {
  return count === 1 ? `1 must-requirement ${one}` : `${count} must-requirements ${many}`;
}

function undecidedBeside(count: number): Text {
  if (count === 0) return { en: "", ja: "" };
  return {
    en: `, ${count} more ${count === 1 ? "is" : "are"} undecided`,
    ja: `。ほかに ${count} 件を判定できていません`,
  };
}

function joined(first: Text, second: Text): Text {
  return { en: first.en + second.en, ja: first.ja + second.ja };
}

function waivedOf(count: number): Text {
  if (count === 0) return { en: "", ja: "" };
  return {
    en: ` ${count} more fail${count === 1 ? "s" : ""} and ${count === 1 ? "is" : "are"} accepted by waiver.`,
    ja: `ほかに ${count} 件が不適合ですが、期限付きで受容されています。`,
  };
}

function adviceOn(count: number): Text {
  if (count === 0) return { en: "", ja: "" };
  return {
    en: ` ${count} should-requirement${count === 1 ? " is" : "s are"} not met.`,
    ja: `推奨は ${count} 件が不適合です。`,
  };
}
