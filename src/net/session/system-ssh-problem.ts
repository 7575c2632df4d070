import { visible } from "#model/sanitise.ts";
import { type HostKeyPolicy, hostKeyProblem } from "./host-key.ts";
import { describeHop, type Ssh2Login } from "./login.ts";
import { noSession, type SessionAttempt, type SessionProblem, type SessionProblemCode } from "./problem.ts";
import type { SshLog } from "./system-ssh-log.ts";

type Failed = Extract<SessionAttempt, { ok: false }>;

/** What OpenSSH 7.4 to 10 write when they give up, first match first; their messages are in no other language. */
const patterns: readonly (readonly [RegExp, SessionProblemCode])[] = [
  [/REVOKED HOST KEY DETECTED|is marked as revoked/, "host-key-revoked"],
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, "host-key-changed"],
  [/No \S+ host key is known for|Host key verification failed/, "host-key-unknown"],
  [/Unable to negotiate with/, "algorithms"],
  [/incorrect passphrase supplied|passphrase given, try|Load key .*: (?:bad decrypt|incorrect)/i, "passphrase"],
  [/Permission denied \(|Too many authentication failures/, "authentication"],
  [/Could not resolve hostname/, "unresolved"],
  [/Connection refused|stdio forwarding failed|open failed: connect failed/, "refused"],
  [/timed out|Operation timed out/, "timeout"],
  [/No route to host|Network is unreachable|administratively prohibited/, "unreachable"],
  [/invalid format|Invalid SSH identification|banner line contains invalid/, "not-ssh"],
  [/kex_exchange_identification: (?:Connection closed|read: Connection reset)/, "refused"],
  [/Connection (?:closed|reset)|Broken pipe/, "lost"],
];

const hints: Partial<Record<SessionProblemCode, string>> = {
  algorithms: "Update OpenSSH on this machine, or allow one of its algorithms on the server.",
  unresolved: "Check the spelling and the resolver, or give the address instead of the name.",
  refused: "Check that sshd runs and that the port is right; a firewall that rejects looks the same.",
  timeout: "Check the address, the port, and that the firewall lets this machine in.",
  unreachable: "Check the route, the VPN, and what the bastion may forward.",
  "not-ssh": "Check the port: in sekisho.yaml it is ssh.port, on the command line --ssh user@host:port.",
  lost: "Run again; if it stays so, see the server's log: journalctl -u ssh",
};

/** Why ssh(1) did not log in, by what it wrote. */
export function explainSshLog(login: Ssh2Login, policy: HostKeyPolicy, log: SshLog, silent: boolean): Failed {
  const where = describeHop(login);
  const text = log.text();
  const code = patterns.find(([pattern]) => pattern.test(text))?.[1] ?? (silent ? "timeout" : "lost");
  const said = lastWords(text);
  const key = log.hostKey();
  switch (code) {
    case "host-key-changed":
    case "host-key-revoked":
    case "host-key-unknown":
      if (login.jump === undefined && key !== undefined) return noSession(hostKeyProblem(policy, verdicts[code], key));
      return noSession(
        problem(code, `The host key of ${where}, or of the bastion before it, was refused: ${said}.`, login),
      );
    case "authentication":
      return noSession(problem(code, `${where} accepted no key for ${login.user}: ${said}.`, login));
    case "passphrase":
      return noSession(problem(code, `The key is encrypted, and no agent holds it: ${said}.`, login));
    default:
      return noSession(problem(code, `The system's ssh could not log into ${where}: ${said}.`, login));
  }
}

const verdicts = {
  "host-key-changed": "changed",
  "host-key-revoked": "revoked",
  "host-key-unknown": "unknown",
} as const;

function problem(code: SessionProblemCode, message: string, login: Ssh2Login): SessionProblem {
  return { code, message, hint: hints[code] ?? hintFor(code, login) };
}

function hintFor(code: SessionProblemCode, login: Ssh2Login): string {
  const path = login.keys[0]?.path ?? "PATH";
  if (code === "passphrase") return `Load it into an agent and run again: ssh-add ${path}`;
  if (code === "authentication") {
    return `Put the key's public half, or its authority, where ${login.host} looks for ${login.user}'s, or name another with --identity PATH`;
  }
  return `Log in once by hand and compare the fingerprints: ssh -p ${login.port} ${login.user}@${login.host}`;
}

/** The last lines that are not of the debug log: there ssh says why it gives up. */
function lastWords(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^(?:debug\d: |OpenSSH_|@)/.test(line));
  const words = lines.slice(-2).join(" ").trim();
  return words === "" ? "it said nothing" : visible(words, 300).replace(/\.$/, "");
}
