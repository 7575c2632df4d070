import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { Endpoint } from "#net/dial.ts";
import { type GroupSurvey, surveyGroups } from "./group-survey.ts";
import { type HelloText, type Version, versionNumbers } from "./hello.ts";
import { createLine, type LineOptions } from "./line.ts";
import { createOracle, type Oracle } from "./oracle.ts";
import { type Settings, surveySettings } from "./settings.ts";
import { speaksSsl2 } from "./sslv2.ts";
import { isAccepted, suitesFor, surveyVersion, type VersionSurvey } from "./suite-survey.ts";
import { suiteOf } from "./suites.ts";

/** Certificates that a server shows with suites of one kind of signature, as sent. */
export interface ShownCertificates {
  /** RSA, ECDSA or DSS. */
  readonly authentication: string;
  /** DER, leaf first. */
  readonly certificates: Maybe<readonly Buffer[]>;
}

/** Everything that a TLS server accepts under one name, as far as hellos can tell. */
export interface TlsSurvey {
  readonly sslv2: Maybe<boolean>;
  /** SSLv3 to TLSv1.3, in this order. */
  readonly versions: readonly VersionSurvey[];
  /** Of TLS 1.3, and of the newest version before it that is accepted. */
  readonly groups: readonly GroupSurvey[];
  readonly settings: Settings;
  /** By kind of signature, in the newest version before TLS 1.3 that is accepted. */
  readonly certificates: readonly ShownCertificates[];
}

/** How a survey is made. */
export interface SurveyOptions extends LineOptions {
  /** For SNI; empty for none. */
  readonly serverName: string;
}

const versions = Object.keys(versionNumbers) as readonly Version[];

/**
 * Asks a TLS server for every protocol version and every cipher suite, and for groups, settings and certificates, by hellos alone: every
 * connection is reset as soon as the server has chosen. What was not finished is unknown with the reason.
 */
export async function surveyTls(endpoint: Endpoint, options: SurveyOptions): Promise<TlsSurvey> {
  const line = createLine(endpoint, options);
  const hello = { serverName: options.serverName };
  try {
    const oracle = createOracle(line, controlsOf(hello));
    const surveys = versions.map((version) => surveyVersion(version, oracle, hello));
    // Nothing waits for what it does not need: each of these begins as soon as what it rests on is known.
    const newest = newestBefore13(surveys);
    const everything = Promise.all(surveys);
    const [ssl2, found, older, settings, certificates, olderGroups, groups13] = await Promise.all([
      speaksSsl2(oracle),
      everything,
      newest,
      newest.then((survey) => surveySettings({ newest: survey, everything, hello }, oracle)),
      newest.then((survey) => (survey === undefined ? [] : certificatesOf(survey, oracle, hello))),
      newest.then((survey) => survey && surveyGroups(survey.version, codesOf(survey), { oracle, hello })),
      surveyGroups("TLSv1.3", suitesFor("TLSv1.3"), { oracle, hello }),
    ]);
    const groups = [older && olderGroups, found.at(-1)?.accepted === false ? undefined : groups13];
    const agreed = ssl2 === true || found.some(isAccepted);
    const doubt = oracle.doubts[0] ?? (agreed ? undefined : nothingAgreed);
    return {
      sslv2: sslv2Of(ssl2, doubt),
      versions: found.map((survey) => withDoubt(survey, doubt)),
      groups: groups
        .filter((one) => one !== undefined)
        .map((one) => ({ ...one, gaps: [...one.gaps, ...listed(doubt)] })),
      settings,
      certificates,
    };
  } finally {
    line.close();
  }
}

/** The newest version before TLS 1.3 that is accepted, as soon as that is known. */
async function newestBefore13(surveys: readonly Promise<VersionSurvey>[]): Promise<VersionSurvey | undefined> {
  for (const survey of surveys.slice(0, -1).toReversed()) {
    if (isAccepted(await survey)) return survey;
  }
  return undefined;
}

function codesOf(survey: VersionSurvey): number[] {
  return survey.suites.map(({ code }) => code);
}

/** Hellos that nearly every server answers, by which it shows that it is there. */
function controlsOf(hello: Pick<HelloText, "serverName">): HelloText[] {
  return (["TLSv1.2", "TLSv1.3", "TLSv1", "SSLv3"] as const).map((version) => ({
    ...hello,
    version,
    suites: suitesFor(version).slice(0, 100),
  }));
}

function sslv2Of(answer: Awaited<ReturnType<typeof speaksSsl2>>, doubt: string | undefined): Maybe<boolean> {
  if (answer === true) return true;
  if (answer.kind === "unknown") return unknown(answer.why);
  return doubt === undefined ? false : unknown(doubt);
}

const nothingAgreed = "the server agreed to no hello under this name, so its refusals say nothing of a version";

function withDoubt(survey: VersionSurvey, doubt: string | undefined): VersionSurvey {
  if (doubt === undefined) return survey;
  const accepted = survey.accepted === false ? unknown(doubt) : survey.accepted;
  return { ...survey, accepted, gaps: [...new Set([...survey.gaps, doubt])] };
}

function listed(doubt: string | undefined): string[] {
  return doubt === undefined ? [] : [doubt];
}

/** One hello for each kind of signature that the accepted suites have. */
function certificatesOf(
  survey: VersionSurvey,
  oracle: Oracle,
  hello: Pick<HelloText, "serverName">,
): Promise<ShownCertificates[]> {
  return Promise.all(
    ["RSA", "ECDSA", "DSS"].flatMap((authentication) => {
      const suites = survey.suites.map(({ code }) => code).filter((code) => isShownWith(code, authentication));
      if (suites.length === 0) return [];
      return oracle.ask({ ...hello, version: survey.version, suites }, { exchange: true }).then((answer) => {
        const sent = answer.kind === "agreed" ? answer.flight.certificates : undefined;
        return { authentication, certificates: sent ?? unknown(answer.kind === "unknown" ? answer.why : notShown) };
      });
    }),
  );
}

const notShown = "the server's certificates did not come to their end";

/** Suites of RSA with PSK are signed by no certificate of their own kind. */
function isShownWith(code: number, authentication: string): boolean {
  const suite = suiteOf(code);
  return suite?.authentication === authentication && !suite.keyExchange.includes("PSK");
}
