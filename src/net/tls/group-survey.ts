import { type Choice, enumerate, foundIn } from "./enumerate.ts";
import { curves, groups } from "./groups.ts";
import type { HelloText, Version } from "./hello.ts";
import { groupOf } from "./key-exchange.ts";
import type { Answer, Oracle } from "./oracle.ts";
import { suiteOf } from "./suites.ts";

/** Groups that a version accepts for key exchange. */
export interface GroupSurvey {
  readonly version: Version;
  /** Code points. */
  readonly groups: readonly number[];
  /** Why there may be more. */
  readonly gaps: readonly string[];
}

const ownCurve =
  "every curve has to be offered beside that of the certificate, which the server then takes, so others could not be asked";
const unnamed = "the server named no group";

/**
 * Finds the groups that a version accepts with the suites that are known to be accepted. Undefined where none of those agrees on a group. In
 * TLS 1.3 no key is sent, so that the server does no more than name the group it wants.
 */
export async function surveyGroups(
  version: Version,
  codes: readonly number[],
  { oracle, hello }: { oracle: Oracle; hello: Pick<HelloText, "serverName"> },
): Promise<GroupSurvey | undefined> {
  const modern = version === "TLSv1.3";
  const agreeing = codes.filter((code) => modern || suiteOf(code)?.keyExchange === "ECDHE");
  if (agreeing.length === 0) return undefined;
  // A certificate with an ECDSA key is shown only to clients that offer its curve, one with an RSA key to all.
  const free = agreeing.filter((code) => modern || suiteOf(code)?.authentication !== "ECDSA");
  const suites = free.length > 0 ? free : agreeing;
  const found = await enumerate<undefined>(modern ? groups : curves, {
    most: 64,
    longList: 2,
    free: () => oracle.free,
    clientOrder: (codes) => codes,
    offer: async (offered, likely) => {
      const answer = await oracle.ask({ ...hello, version, suites, groups: offered }, { likely, exchange: !modern });
      return chosen(answer, offered);
    },
  });
  const bound = free.length === 0 ? [ownCurve] : [];
  return { version, groups: foundIn(found.run).map(({ code }) => code), gaps: [...found.gaps, ...bound] };
}

function chosen(answer: Answer, offered: readonly number[]): Choice<undefined> {
  if (answer.kind === "unknown") return answer;
  if (answer.kind === "refused") return { kind: "none", version: false };
  const code = groupOf(answer.flight);
  return code !== undefined && offered.includes(code)
    ? { kind: "chose", code, detail: undefined }
    : { kind: "unknown", why: unnamed };
}
