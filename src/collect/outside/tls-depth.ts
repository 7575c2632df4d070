import type { CipherSuite, TlsServer } from "#evidence/tls.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, type Unknown, unknown } from "#model/unknown.ts";
import { readCertificate } from "#net/certificate.ts";
import type { Endpoint } from "#net/dial.ts";
import { groupNames } from "#net/tls/groups.ts";
import { type AcceptedSuite, isAccepted, type VersionSurvey } from "#net/tls/suite-survey.ts";
import { suiteOf } from "#net/tls/suites.ts";
import { type ShownCertificates, type SurveyOptions, surveyTls, type TlsSurvey } from "#net/tls/survey.ts";
import type { VersionFact } from "./tls.ts";
import { certificateEvidence } from "./tls-certificates.ts";

/** What only many hellos tell of a server. */
export type TlsDepth = Pick<
  TlsServer,
  | "versions"
  | "cipherSuites"
  | "preference"
  | "groups"
  | "certificates"
  | "alpn"
  | "secureRenegotiation"
  | "compression"
  | "sessionTickets"
  | "extendedMasterSecret"
  | "heartbeat"
  | "ocspStapling"
  | "refusesFallback"
>;

/** Version and suite of a handshake that stood. */
export interface Shaken {
  readonly version: string;
  /** Name of the suite in IANA's registry. */
  readonly suite: string;
}

/** What is known of a server already. */
export interface Told {
  readonly versions: readonly VersionFact[];
  readonly shaken: Shaken | undefined;
}

/** Asks a server under one name for all it accepts. What it agreed to before is held against that: had it been missed, lists are open. */
export async function lookDeeper(endpoint: Endpoint, told: Told, options: SurveyOptions): Promise<TlsDepth> {
  const survey = await surveyTls(endpoint, options);
  const missed = missedBy(survey, told);
  const versions = survey.versions.map(({ version, accepted }) => {
    const before = told.versions.find((one) => one.version === version)?.accepted;
    return { version, accepted: before === true || isUnknown(accepted) ? (before ?? accepted) : accepted };
  });
  return {
    versions: [{ version: "SSLv2", accepted: survey.sslv2 }, ...versions],
    cipherSuites: [
      ...survey.versions.flatMap(({ version, suites }) => suites.map((suite) => suiteEvidence(version, suite))),
      ...gapsOf(survey.versions),
      ...(survey.sslv2 === false ? [] : [unknown("cipher suites of SSLv2 are not listed")]),
      ...(missed === undefined ? [] : [unknown(missed)]),
    ],
    preference: survey.versions.flatMap(preferenceOf),
    groups: [
      ...survey.groups.flatMap(({ version, groups }) =>
        groups.map((code) => ({ version: version as string, group: groupNames.get(code) ?? `0x${code.toString(16)}` })),
      ),
      ...[...new Set(survey.groups.flatMap(({ gaps }) => gaps))].map(unknown),
      ...gapsOf(survey.versions),
    ],
    certificates: [...survey.certificates.map(shownEvidence), ...gapsOf(survey.versions), ...hiddenIn(survey)],
    ...survey.settings,
    alpn: survey.settings.alpn.map((name) => (isUnknown(name) ? name : visible(name, 50))),
  };
}

/** Of a server that was not asked. */
export function depthUnknown(why: string, versions: TlsServer["versions"]): TlsDepth {
  const not = unknown(why);
  return {
    versions,
    cipherSuites: [not],
    preference: [not],
    groups: [not],
    certificates: [not],
    alpn: [not],
    secureRenegotiation: not,
    compression: not,
    sessionTickets: not,
    extendedMasterSecret: not,
    heartbeat: not,
    ocspStapling: not,
    refusesFallback: not,
  };
}

/** The server agreed before to what it was not found to agree to. */
function missedBy(survey: TlsSurvey, told: Told): string | undefined {
  const missed = "a handshake agreed to what was not found by asking for each cipher suite";
  const closed = survey.versions.filter(({ gaps }) => gaps.length === 0);
  for (const { version, suites } of closed) {
    const before = told.versions.find((one) => one.version === version)?.accepted;
    if (before === true && suites.length === 0) return missed;
    const agreed = told.shaken?.version === version ? told.shaken.suite : undefined;
    if (agreed !== undefined && !suites.some(({ code }) => suiteOf(code)?.name === agreed)) return missed;
  }
  return undefined;
}

/** TLS 1.3 shows certificates to whoever goes on with the handshake. */
function hiddenIn(survey: TlsSurvey): Unknown[] {
  const older = survey.versions.some((one) => one.version !== "TLSv1.3" && isAccepted(one));
  return older ? [] : [unknown("TLS 1.3 alone is spoken, in which it is said encrypted")];
}

function gapsOf(versions: readonly VersionSurvey[]): Unknown[] {
  return [...new Set(versions.flatMap(({ gaps }) => gaps))].map(unknown);
}

function preferenceOf({ version, order, gaps }: VersionSurvey): TlsDepth["preference"] {
  if (order === undefined) return gaps.slice(0, 1).map(unknown);
  return [{ version, by: order }];
}

function suiteEvidence(version: string, { code, primeBits }: AcceptedSuite): Maybe<CipherSuite> {
  const suite = suiteOf(code);
  if (suite === undefined) return unknown("a cipher suite that is in no table");
  const { name, openssl, keyExchange, authentication, encryption, keyBits, mode, mac, forwardSecrecy } = suite;
  const described = { name, openssl, keyExchange, authentication, encryption, keyBits, mode, mac, forwardSecrecy };
  return { version, ...described, primeBits };
}

function shownEvidence({ authentication, certificates }: ShownCertificates): TlsDepth["certificates"][number] {
  if (isUnknown(certificates)) return { authentication, chain: certificates };
  const read = certificates.slice(0, 20).map(readCertificate);
  const whole = read.filter((one) => one !== undefined);
  const chain =
    whole.length === read.length ? whole.map(certificateEvidence) : unknown("a certificate that OpenSSL does not read");
  return { authentication, chain };
}
