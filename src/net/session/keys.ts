import { createPrivateKey } from "node:crypto";
import type { ParsedKey, utils } from "ssh2";
import { type AgentKey, readString } from "./agent.ts";
import { fingerprint } from "./known-hosts.ts";
import { describeHop, type KeyFile, type Ssh2Login } from "./login.ts";
import { noSession, type SessionProblem } from "./problem.ts";

/** A key to try, in the file itself or held by the agent. */
export interface Candidate {
  readonly from: "file" | "agent";
  readonly key: ParsedKey;
  /** For a person: where it comes from and its fingerprint. */
  readonly label: string;
}

/** The keys to try, or why there is none to try. */
export type Candidates =
  | { readonly ok: true; readonly candidates: readonly Candidate[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problem: SessionProblem; readonly systemSsh?: string };

type ParseKey = typeof utils.parseKey;

/** sshd gives up after six failures (MaxAuthTries), and bans are handed out for less: an RSA key costs two, one per hash. */
const failureBudget = 5;

/** What can be made of a private key file by itself. */
type FileKey =
  | { readonly state: "usable"; readonly key: ParsedKey }
  | { readonly state: "encrypted"; readonly publicBlob: Buffer | undefined }
  | { readonly state: "unusable"; readonly why: string; readonly publicBlob: Buffer | undefined };

/** Finds the keys to log in with: the named one alone, else the agent's and then the files'. Asks for no passphrase. */
export function findCandidates(
  parseKey: ParseKey,
  login: Ssh2Login,
  agent: readonly AgentKey[] | undefined,
): Candidates {
  const named = login.identityGiven ? login.keys[0] : undefined;
  return named === undefined ? anyKey(parseKey, login, agent) : namedKey(parseKey, named, login, agent);
}

function namedKey(
  parseKey: ParseKey,
  file: KeyFile,
  login: Ssh2Login,
  agent: readonly AgentKey[] | undefined,
): Candidates {
  if (file.certificate) {
    return noSession(
      {
        code: "authentication",
        message: `A certificate stands beside ${file.path}, and ssh2 can not log in with one.`,
        hint: "Install OpenSSH's ssh on this machine.",
      },
      `ssh2 can not use the certificate beside ${file.path}`,
    );
  }
  const read = readKeyFile(parseKey, file);
  if (read.state === "usable") return { ok: true, candidates: [fileCandidate(file, read.key)], notes: [] };
  const held = inAgent(parseKey, agent, read.publicBlob);
  if (held !== undefined) return { ok: true, candidates: [held], notes: [] };
  return read.state === "encrypted" ? passphraseNeeded(file, login) : unreadable(file, read.why);
}

function anyKey(parseKey: ParseKey, login: Ssh2Login, agent: readonly AgentKey[] | undefined): Candidates {
  const fromAgent = (agent ?? []).flatMap((entry) => agentCandidate(parseKey, entry) ?? []);
  const held = new Set(fromAgent.map((candidate) => candidate.key.getPublicSSH().toString("base64")));
  const read = login.keys.map((file) => ({ file, key: readKeyFile(parseKey, file) }));
  const fromFiles = read.flatMap(({ file, key }) =>
    key.state === "usable" && !held.has(key.key.getPublicSSH().toString("base64"))
      ? [fileCandidate(file, key.key)]
      : [],
  );
  const all = [...fromAgent, ...fromFiles];
  const candidates = withinBudget(all);
  if (candidates.length > 0) {
    const left = all.length - candidates.length;
    const note = `${left} more keys were not tried, so that the server does not take it for guessing: name one with --identity.`;
    return { ok: true, candidates, notes: left > 0 ? [note] : [] };
  }
  const encrypted = read.find(({ key }) => key.state === "encrypted");
  if (encrypted !== undefined) return passphraseNeeded(encrypted.file, login);
  return noSession(
    {
      code: "authentication",
      message: `There is no key to log into ${describeHop(login)} with: ${describeNoKeys(login, agent)}.`,
      hint: `Give --identity PATH, or load a key into the agent: ssh-add PATH`,
    },
    unusableByUs(login, agent),
  );
}

/** Why the system's ssh could log in where these keys could not: hardware keys, certificates and formats unknown to ssh2. */
export function unusableByUs(login: Ssh2Login, agent: readonly AgentKey[] | undefined): string | undefined {
  const certificate = login.keys.find((file) => file.certificate);
  if (certificate !== undefined) return `ssh2 can not use the certificate beside ${certificate.path}`;
  const type = (agent ?? [])
    .map((entry) => entry.type)
    .find((name) => name.startsWith("sk-") || name.includes("-cert-"));
  return type === undefined ? undefined : `ssh2 can not use the agent's ${type} key`;
}

/** What a private key file holds, without asking for a passphrase. */
function readKeyFile(parseKey: ParseKey, file: KeyFile): FileKey {
  const publicBlob = publicBlobOf(file);
  const parsed = parseKey(toSupportedFormat(file.content));
  if (!(parsed instanceof Error)) {
    if (parsed.isPrivateKey()) return { state: "usable", key: parsed };
    return { state: "unusable", why: "it holds a public key", publicBlob: parsed.getPublicSSH() };
  }
  const encrypted = /ENCRYPTED/.test(file.content) || /encrypted/i.test(parsed.message);
  if (encrypted) return { state: "encrypted", publicBlob };
  return { state: "unusable", why: parsed.message, publicBlob };
}

/** PKCS#8 is unknown to ssh2: its RSA and EC keys are written anew in the older formats. */
function toSupportedFormat(content: string): string {
  if (!content.includes("-----BEGIN PRIVATE KEY-----")) return content;
  try {
    const key = createPrivateKey(content);
    if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" }).toString();
    if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }).toString();
    return content;
  } catch {
    // Not a key at all: who parses it next says so.
    return content;
  }
}

/** The public half: from the .pub file, or from OpenSSH's format, where it stands unencrypted in front of the private one. */
function publicBlobOf(file: KeyFile): Buffer | undefined {
  const encoded = file.publicKey?.trim().split(/\s+/)[1];
  if (encoded !== undefined) return Buffer.from(encoded, "base64");
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(file.content)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, "base64");
  let at = "openssh-key-v1\0".length;
  for (let field = 0; field < 3; field += 1) {
    const value = readString(bytes, at);
    if (value === undefined) return undefined;
    at += 4 + value.length;
  }
  return readString(bytes, at + 4);
}

function inAgent(
  parseKey: ParseKey,
  agent: readonly AgentKey[] | undefined,
  blob: Buffer | undefined,
): Candidate | undefined {
  const entry = agent?.find((held) => blob !== undefined && held.blob.equals(blob));
  return entry === undefined ? undefined : agentCandidate(parseKey, entry);
}

function agentCandidate(parseKey: ParseKey, entry: AgentKey): Candidate | undefined {
  const key = parseKey(entry.blob);
  if (key instanceof Error || key.type !== entry.type) return undefined;
  return { from: "agent", key, label: `${fingerprint(entry.blob)} (agent)` };
}

function fileCandidate(file: KeyFile, key: ParsedKey): Candidate {
  return { from: "file", key, label: `${fingerprint(key.getPublicSSH())} (${file.path})` };
}

function withinBudget(all: readonly Candidate[]): readonly Candidate[] {
  let spent = 0;
  return all.filter((candidate) => {
    spent += candidate.key.type === "ssh-rsa" ? 2 : 1;
    return spent <= failureBudget;
  });
}

function describeNoKeys(login: Ssh2Login, agent: readonly AgentKey[] | undefined): string {
  if (login.agentSocket === undefined) return "no agent is running and no key file was found";
  if (agent === undefined) return "the agent does not answer and no key file was found";
  return agent.length === 0
    ? "the agent holds no key"
    : `the agent holds only ${agent.map((key) => key.type).join(", ")}`;
}

function passphraseNeeded(file: KeyFile, login: Ssh2Login): Candidates {
  const start = login.agentSocket === undefined ? 'eval "$(ssh-agent)" && ' : "";
  return noSession({
    code: "passphrase",
    message: `The key ${file.path} is encrypted, and no agent holds it.`,
    hint: `Load it into an agent and run again: ${start}ssh-add ${file.path}`,
  });
}

function unreadable(file: KeyFile, why: string): Candidates {
  return noSession(
    {
      code: "key-unreadable",
      message: `The key ${file.path} can not be used: ${why}.`,
      hint: `Check that it is a private key (ssh-keygen -yf ${file.path}), or load it into the agent: ssh-add ${file.path}`,
    },
    `ssh2 can not read the key ${file.path} (${why})`,
  );
}
