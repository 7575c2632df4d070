import { type Attestation, type Attestor, type Claim, type Statement, signatureNamespace } from "#model/attestation.ts";
import type { ReportedStatement } from "#model/report.ts";
import { signedBytes } from "./canonical.ts";
import { isDay, laterDay } from "./days.ts";
import { blobOfLine } from "./public-key.ts";
import { isSignatureOver, parseSignature } from "./sshsig.ts";

/** What an attestation is held against. */
export interface StandingContext {
  readonly claim: Claim;
  readonly targetId: string;
  readonly attestors: readonly Attestor[];
  /** Day of the evaluation, YYYY-MM-DD. */
  readonly today: string;
}

/** Why an attestation does not count. `detail` quotes the attestation and is not yet fit to print. */
export interface Objection {
  readonly code:
    | "other-target"
    | "other-claim"
    | "unsigned"
    | "broken-signature"
    | "unknown-key"
    | "other-signer"
    | "dates"
    | "future"
    | "expired";
  readonly detail: string;
}

/** How one attestation stands on a day. */
export interface Standing {
  readonly signature: ReportedStatement["signature"];
  /** Fingerprint of the key that signed, where there is one. */
  readonly key: string | undefined;
  /** Last day on which it can count: its own, or what the requirement allows where that is earlier. */
  readonly countsUntil: string;
  /** Undefined where it counts. */
  readonly objection: Objection | undefined;
}

/** The last day on which a statement of what was done on a day can count. */
export function lastDayOf(claim: Claim, on: string): string {
  return laterDay(on, { months: claim.validMonths, days: claim.graceDays });
}

/** How an attestation stands: whose it is, and whether it is in force. Pure, total, and without a clock. */
export function standingOf({ statement, signature }: Attestation, context: StandingContext): Standing {
  const whose = whoSigned(statement, signature, context.attestors);
  const limit = isDay(statement.on) ? lastDayOf(context.claim, statement.on) : statement.on;
  const countsUntil = limit < statement.until ? limit : statement.until;
  const objection =
    misplaced(statement, context) ?? whose.objection ?? outOfDate(statement, countsUntil, context.today);
  return { signature: whose.signature, key: whose.key, countsUntil, objection };
}

function misplaced(statement: Statement, { claim, targetId }: StandingContext): Objection | undefined {
  if (statement.target !== targetId) return { code: "other-target", detail: statement.target };
  const same = statement.claim.en === claim.claim.en && statement.claim.ja === claim.claim.ja;
  if (statement.requirement === claim.requirement && same) return undefined;
  return { code: "other-claim", detail: statement.requirement };
}

type Whose = Pick<Standing, "signature" | "key" | "objection">;

function whoSigned(statement: Statement, armoured: string | undefined, attestors: readonly Attestor[]): Whose {
  if (armoured === undefined) {
    return { signature: "absent", key: undefined, objection: { code: "unsigned", detail: "" } };
  }
  const parsed = parseSignature(armoured);
  if (!parsed.ok) return broken(undefined, parsed.why);
  const { key, namespace } = parsed.signature;
  if (namespace !== signatureNamespace) return broken(key.fingerprint, `it was made for ${namespace}`);
  if (!isSignatureOver(parsed.signature, signedBytes(statement), signatureNamespace)) {
    return broken(key.fingerprint, "it is not over this statement");
  }
  const owners = attestors.filter((attestor) => holds(attestor, key.blob));
  if (owners.length === 0) {
    const objection = { code: "unknown-key", detail: key.fingerprint } as const;
    return { signature: "unknown-key", key: key.fingerprint, objection };
  }
  const signer = owners.find(({ name, role }) => name === statement.by.name && role === statement.by.role);
  if (signer !== undefined) return { signature: "valid", key: key.fingerprint, objection: undefined };
  const detail = owners.map(({ name, role }) => `${name} (${role})`).join(", ");
  return { signature: "other-signer", key: key.fingerprint, objection: { code: "other-signer", detail } };
}

function holds(attestor: Attestor, blob: Buffer): boolean {
  return blobOfLine(attestor.key).equals(blob);
}

function broken(key: string | undefined, detail: string): Whose {
  return { signature: "invalid", key, objection: { code: "broken-signature", detail } };
}

/** Days as YYYY-MM-DD sort as text. */
function outOfDate({ on, from, until }: Statement, countsUntil: string, today: string): Objection | undefined {
  if (![on, from, until].every(isDay) || from < on || until < from) {
    return { code: "dates", detail: `${on}, ${from}, ${until}` };
  }
  if (today < from) return { code: "future", detail: from };
  return today > countsUntil ? { code: "expired", detail: countsUntil } : undefined;
}

/** Whether an attestation was made as it should be, though its time may be over: such a one is not to be passed over. */
export function isProper({ objection }: Standing): boolean {
  return objection === undefined || objection.code === "expired";
}

/**
 * Puts the one that counts first: what was done or seen last, and what is denied before what is stated. A statement whose time is over
 * keeps its place, so that none before it comes back into force.
 */
export function byPrecedence(left: Statement, right: Statement): number {
  return compare(right.on, left.on) || Number(left.holds) - Number(right.holds) || compare(right.from, left.from);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
