import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import { extensions, type HelloText } from "./hello.ts";
import type { Agreed, Answer, Oracle } from "./oracle.ts";
import { isAccepted, type VersionSurvey } from "./suite-survey.ts";

/** What a server takes up on the side. */
export interface Settings {
  /** Announces secure renegotiation (RFC 5746); TLS 1.3 alone cannot renegotiate. */
  readonly secureRenegotiation: Maybe<boolean>;
  /** Compresses, which gives secrets away (CRIME); TLS 1.3 alone cannot. */
  readonly compression: Maybe<boolean>;
  /** Issues session tickets (RFC 5077). */
  readonly sessionTickets: Maybe<boolean>;
  /** Binds the session's secret to the handshake (RFC 7627); TLS 1.3 does always. */
  readonly extendedMasterSecret: Maybe<boolean>;
  /** Takes up heartbeats (RFC 6520). */
  readonly heartbeat: Maybe<boolean>;
  /** Sends an OCSP response along when asked (RFC 6066, 8). */
  readonly ocspStapling: Maybe<boolean>;
  /** Turns away a client that says it was brought down to a lower version (RFC 7507); where there is none to be brought down to, too. */
  readonly refusesFallback: Maybe<boolean>;
  /** Protocols that it agrees to by ALPN (RFC 7301), of those asked. */
  readonly alpn: readonly Maybe<string>[];
}

const hidden = "TLS 1.3 alone is spoken, in which it is said encrypted";
const alpnNames = [
  "h2",
  "http/1.1",
  "http/1.0",
  "spdy/3.1",
  "imap",
  "pop3",
  "smtp",
  "ftp",
  "postgresql",
  "xmpp-client",
  "mqtt",
  "acme-tls/1",
];
const noProtocol = 120;
const inappropriateFallback = 86;

/** What settings rest on. */
export interface SettingsOptions {
  /** Newest version before TLS 1.3 that is accepted. */
  readonly newest: VersionSurvey | undefined;
  /** Every version, in order. */
  readonly everything: Promise<readonly VersionSurvey[]>;
  readonly hello: Pick<HelloText, "serverName">;
}

/** Asks for settings in the newest version up to TLS 1.2 that is accepted; what TLS 1.3 says of them is encrypted. */
export async function surveySettings(options: SettingsOptions, oracle: Oracle): Promise<Settings> {
  const { newest, everything, hello } = options;
  if (newest === undefined || newest.version === "SSLv3") {
    const surveys = await everything;
    return newest === undefined && surveys.some(isAccepted) ? ofNewestAlone(surveys) : allUnknown(firstGap(surveys));
  }
  const text = { ...hello, version: newest.version, suites: newest.suites.map(({ code }) => code) };
  const [answer, refusesFallback, alpn] = await Promise.all([
    oracle.ask({ ...text, extras: true, compression: true }, { exchange: true }),
    everything.then((surveys) => refusesFallbackOf(surveys, oracle, hello)),
    alpnOf(text, oracle),
  ]);
  return { ...fromFlight(answer), refusesFallback, alpn };
}

function fromFlight(answer: Answer): Omit<Settings, "refusesFallback" | "alpn"> {
  if (answer.kind !== "agreed") return allUnknown(answer.kind === "unknown" ? answer.why : notAgain);
  const { hello, following } = answer.flight;
  const has = (type: number) => hello.extensions.has(type);
  return {
    secureRenegotiation: has(extensions.renegotiationInfo),
    compression: hello.compression !== 0,
    sessionTickets: has(extensions.sessionTicket),
    extendedMasterSecret: has(extensions.extendedMasterSecret),
    heartbeat: has(extensions.heartbeat),
    ocspStapling:
      following.stapled || (following.done || following.keyExchange !== undefined ? false : unknown(unended)),
  };
}

const notAgain = "the server no longer agreed to what it had agreed to before";
const unended = "the server's answer did not come to its end";

/** The next lower version is asked for, by a client that says it knows a higher one. */
async function refusesFallbackOf(
  surveys: readonly VersionSurvey[],
  oracle: Oracle,
  hello: Pick<HelloText, "serverName">,
): Promise<Maybe<boolean>> {
  const doubtful = surveys.find(({ accepted }) => typeof accepted !== "boolean");
  const accepted = surveys.filter(isAccepted);
  const lower = accepted.at(-2);
  if (lower === undefined) return doubtful === undefined ? true : unknown(firstGap(surveys));
  const suites = lower.suites.map(({ code }) => code);
  const answer = await oracle.ask({ ...hello, version: lower.version, suites, fallback: true });
  if (answer.kind === "unknown") return unknown(answer.why);
  if (answer.kind === "agreed") return false;
  return answer.alert === inappropriateFallback ? true : unknown(notAgain);
}

/** Offers every protocol, and again without the one that was chosen. */
async function alpnOf(text: HelloText, oracle: Oracle): Promise<Maybe<string>[]> {
  const found: Maybe<string>[] = [];
  for (let names = alpnNames; names.length > 0; ) {
    const answer = await oracle.ask({ ...text, alpn: names });
    if (answer.kind === "refused") return answer.alert === noProtocol ? found : [...found, unknown(notAgain)];
    if (answer.kind === "unknown") return [...found, unknown(answer.why)];
    const name = protocolOf(answer.flight);
    if (name === undefined || !names.includes(name)) return found;
    found.push(name);
    names = names.filter((one) => one !== name);
  }
  return found;
}

/** The one protocol in the server's extension (RFC 7301, 3.1). */
function protocolOf({ hello }: Agreed): string | undefined {
  const data = hello.extensions.get(extensions.alpn);
  return data === undefined || data.length < 4 ? undefined : data.toString("latin1", 3, 3 + data.readUInt8(2));
}

function ofNewestAlone(surveys: readonly VersionSurvey[]): Settings {
  const unsure = surveys.some(({ accepted }) => typeof accepted !== "boolean");
  const surely = <T>(value: T): Maybe<T> => (unsure ? unknown(firstGap(surveys)) : value);
  const not = unknown(hidden);
  return {
    secureRenegotiation: surely(true),
    compression: surely(false),
    sessionTickets: not,
    extendedMasterSecret: surely(true),
    heartbeat: not,
    ocspStapling: not,
    refusesFallback: surely(true),
    alpn: [not],
  };
}

function firstGap(surveys: readonly VersionSurvey[]): string {
  return surveys.flatMap(({ gaps }) => gaps)[0] ?? "no version was accepted";
}

function allUnknown(why: string): Settings {
  const not = unknown(why);
  return {
    secureRenegotiation: not,
    compression: not,
    sessionTickets: not,
    extendedMasterSecret: not,
    heartbeat: not,
    ocspStapling: not,
    refusesFallback: not,
    alpn: [not],
  };
}
