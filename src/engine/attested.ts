import { dayOf } from "#attestation/days.ts";
import { byPrecedence, isProper, type Standing, type StandingContext, standingOf } from "#attestation/standing.ts";
import type { Attestation, Claim } from "#model/attestation.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { ReportedStatement } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { asAttestation } from "./attestation-shape.ts";
import { isDecided, type Look, observedValue, standsUnder } from "./looks.ts";
import { objectionText, remedyFor, supersededText, unheardText } from "./objections.ts";
import { type GapsFound, malformed, note, type Why, whyUndecided } from "./why.ts";

/** What is needed to tell which statements are in force. */
export interface AttestedSources {
  readonly bundle: EvidenceBundle;
  readonly looks: readonly Look[];
  readonly claims: readonly Claim[];
  readonly now: Date;
  readonly gaps: GapsFound;
}

/** What the statements of people come to. */
export interface Attested {
  /** The root `attested`: only claims with a statement in force stand in it. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly statements: readonly ReportedStatement[];
}

interface Heard {
  readonly attestation: Attestation;
  readonly standing: Standing;
  readonly attempt: string;
}

/**
 * Projects attestations to facts. A fact comes into being in one place only, for the one statement of a claim that is signed by a listed key,
 * is of this target and this claim, and is in force on the day of `now`; for everything else there is a gap that says why.
 */
export function projectAttested(sources: AttestedSources): Attested {
  const facts: Record<string, unknown> = {};
  const statements: ReportedStatement[] = [];
  for (const claim of sources.claims) {
    const looks = sources.looks.filter(
      ({ evidence, vantage }) => evidence.kind === claim.kind && standsUnder("attested", vantage),
    );
    const { heard, whys } = hear(looks, contextOf(claim, sources));
    // Where some attestation could not be read, it may be the latest: then none can be said to count.
    const counted = whys.length === 0 ? inForce(heard) : undefined;
    if (counted !== undefined) facts[claim.kind] = factOf(counted);
    else noteGap(claim, { heard, whys }, sources);
    statements.push(...heard.map((each) => reported(each, claim, counted)));
  }
  return { facts, statements };
}

function contextOf(claim: Claim, { bundle, now }: AttestedSources): StandingContext {
  return { claim, targetId: bundle.target.id, attestors: bundle.policy.attestors ?? [], today: dayOf(now) };
}

interface Hearing {
  readonly heard: readonly Heard[];
  readonly whys: readonly Why[];
}

/** Each different attestation once, and why something else could not be read. */
function hear(looks: readonly Look[], context: StandingContext): Hearing {
  const heard = new Map<string, Heard>();
  const whys: Why[] = [];
  for (const look of looks) {
    if (!isDecided(look)) whys.push(whyUndecided(look));
    const value = observedValue(look);
    if (value === undefined) continue;
    const read = Array.isArray(value) ? value.map(asAttestation) : [undefined];
    if (read.includes(undefined)) whys.push(malformed(look.id));
    for (const attestation of read) {
      const key = JSON.stringify(attestation);
      if (attestation === undefined || heard.has(key)) continue;
      heard.set(key, { attestation, standing: standingOf(attestation, context), attempt: look.id });
    }
  }
  return { heard: [...heard.values()], whys };
}

/** The one that counts: the latest of those properly made, where its time is not over. */
function inForce(heard: readonly Heard[]): Heard | undefined {
  const [latest] = heard
    .filter(({ standing }) => isProper(standing))
    .toSorted((a, b) => byPrecedence(a.attestation.statement, b.attestation.statement));
  return latest?.standing.objection === undefined ? latest : undefined;
}

function factOf({ attestation: { statement }, standing }: Heard) {
  const { holds, by, on } = statement;
  return { holds, by: by.name, role: by.role, on, until: standing.countsUntil };
}

/** Why nothing is known of a claim, the latest statement first, and the line that would change it. */
function noteGap(claim: Claim, { heard, whys }: Hearing, { bundle, gaps }: AttestedSources): void {
  const path = `attested.${claim.kind}`;
  const remedy = remedyFor(claim, bundle);
  for (const why of whys) note(gaps, path, { ...why, remedy });
  const latestFirst = heard.toSorted((a, b) => byPrecedence(a.attestation.statement, b.attestation.statement));
  for (const each of latestFirst) {
    const text = whyNot(each);
    if (text !== undefined) note(gaps, path, { text, remedy });
  }
  if (heard.length + whys.length === 0) note(gaps, path, { text: unheardText(claim), remedy });
}

function whyNot({ attestation: { statement }, standing }: Heard): Text | undefined {
  return standing.objection === undefined ? undefined : objectionText(statement, standing.objection);
}

function reported(heard: Heard, claim: Claim, counted: Heard | undefined): ReportedStatement {
  const { statement } = heard.attestation;
  const { target, requirement, holds, by, on, from, until, evidence } = statement;
  const { signature, key, countsUntil, objection } = heard.standing;
  const state = stateOf(heard, counted);
  const reason = objection === undefined ? supersededText(state) : objectionText(statement, objection);
  return {
    requirement,
    claim: objection?.code === "other-claim" ? statement.claim : claim.claim,
    target,
    holds,
    by: { name: by.name, role: by.role },
    on,
    from,
    until,
    countsUntil,
    ...(evidence === undefined ? {} : { evidence }),
    signature,
    ...(key === undefined ? {} : { key }),
    state,
    ...(reason === undefined ? {} : { reason }),
    attempt: heard.attempt,
  };
}

function stateOf(heard: Heard, counted: Heard | undefined): ReportedStatement["state"] {
  const { objection } = heard.standing;
  if (objection === undefined) return heard === counted ? "counted" : "superseded";
  return objection.code === "expired" || objection.code === "future" ? objection.code : "refused";
}
