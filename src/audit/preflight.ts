import { isIP } from "node:net";
import { visible } from "#model/sanitise.ts";
import type { Target } from "#model/target.ts";
import { isUnknown } from "#model/unknown.ts";
import { resolveName } from "#net/dns.ts";
import type { HostSession } from "#net/host-session.ts";
import type { SessionProblem, SessionProblemCode } from "#net/session/problem.ts";
import { connectTcp } from "#net/session/tcp.ts";
import { type OpenSessionOptions, openSession } from "./open-session.ts";
import { checkRawPackets } from "./preflight-raw-packets.ts";
import { hostRequirements, networkRequirements, privilegedRequirements } from "./preflight-requirements.ts";

/** One thing an audit needs, tried beforehand. */
export interface PreflightCheck {
  readonly id: "resolve" | "reach" | "host-key" | "login" | "shell" | "privilege" | "raw-packets";
  readonly outcome: "yes" | "no" | "skipped";
  /** What was found, or why it was not tried. */
  readonly detail: string;
  /** Requirements of the guide that stay unknown without it. */
  readonly unknownRequirements: readonly string[];
  /** What to do, with the exact line where there is one. */
  readonly remedy?: string;
}

export type PreflightOptions = OpenSessionOptions;

type LoginStep = "resolve" | "reach" | "host-key" | "login" | "shell";

const loginSteps: readonly LoginStep[] = ["resolve", "reach", "host-key", "login", "shell"];
const resolveMs = 5_000;
const loginMs = 20_000;
const privilegeScript = [
  `printf 'uid %s\\n' "$(id -u)"`,
  "if command -v sudo >/dev/null 2>&1; then",
  "  sudo -n -l >/dev/null 2>&1 </dev/null; printf 'sudo %s\\n' \"$?\"",
  "else printf 'sudo none\\n'; fi",
  "",
].join("\n");

/**
 * Tries what an audit of the target needs, with one login and nothing else, and says what each missing part costs. The target's
 * addresses are taken as permitted; those of the login are asked of `options.permit`. Throws InputError as openSession does.
 */
export async function preflight(target: Target, options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  const raw = await checkRawPackets();
  if (target.local) return [...(await localChecks(target, options)), raw];
  if (target.ssh === undefined) return [...(await outsideChecks(target, options)), raw];
  const names = await resolveCheck(namesOf(target), options.signal);
  if (names.outcome === "no") {
    return [names, ...loginSteps.slice(1).map((id) => skipped(id, "The name does not resolve.")), noPrivilege(), raw];
  }
  const opened = await openSession(target, { ...options, timeoutMs: Math.max(options.timeoutMs, loginMs) });
  if (!opened.ok) return [...failedSteps(names, opened.problem), noPrivilege(), raw];
  try {
    return [...passedSteps(names, target, opened.session), await privilegeCheck(opened.session, options, target), raw];
  } finally {
    await opened.session.close();
  }
}

async function localChecks(target: Target, options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  const local = (["resolve", "reach", "host-key", "login"] as const).map((id) => ({
    ...skipped(id, "The target is this machine."),
    unknownRequirements: [],
  }));
  const opened = await openSession(target, options);
  if (!opened.ok) return [...local, failedCheck("shell", opened.problem), noPrivilege()];
  const shell: PreflightCheck = yes("shell", "sh runs on this machine.");
  return [...local, shell, await privilegeCheck(opened.session, options, target)];
}

/** Without a login: whether anything of the server answers on the ports that are to be open. */
async function outsideChecks(target: Target, options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  const names = await resolveCheck(target.names, options.signal);
  const reach =
    names.outcome === "no" ? skipped("reach", "The name does not resolve.") : await reachCheck(target, options);
  const without = "No SSH login was given, so nothing is read on the server.";
  const rest = (["host-key", "login", "shell"] as const).map((id) => skipped(id, without));
  const remedy = "Give --ssh user@host, or let the owner run the output of: sekisho script";
  return [names, reach, ...rest.map((check) => ({ ...check, remedy })), noPrivilege()];
}

async function resolveCheck(names: readonly string[], signal: AbortSignal): Promise<PreflightCheck> {
  if (names.length === 0) return yes("resolve", "The target is given by address.");
  const found = await Promise.all(
    names.map(async (name) => {
      const { ipv4, ipv6 } = await resolveName(name, { timeoutMs: resolveMs, signal });
      const addresses = [ipv4, ipv6].flatMap((list) => (isUnknown(list) ? [] : list));
      return { name, addresses };
    }),
  );
  const missing = found.filter((entry) => entry.addresses.length === 0);
  if (missing.length === 0) {
    return yes("resolve", found.map((entry) => `${entry.name} resolves to ${entry.addresses.join(", ")}`).join("; "));
  }
  const list = missing.map((entry) => entry.name);
  return {
    id: "resolve",
    outcome: "no",
    detail: `There is no address for ${list.join(", ")}.`,
    unknownRequirements: union(networkRequirements, hostRequirements),
    remedy: `Check the spelling and the resolver: getent hosts ${list[0]}`,
  };
}

async function reachCheck(target: Target, options: PreflightOptions): Promise<PreflightCheck> {
  const addresses = target.addresses;
  for (const port of [443, 22]) {
    for (const address of addresses) {
      const hop = { host: address, port, user: "" };
      const answer = await connectTcp(hop, [address], { timeoutMs: options.timeoutMs, signal: options.signal });
      if (answer.ok) answer.socket.destroy();
      if (answer.ok || answer.problem.code === "refused") {
        return yes("reach", answer.ok ? answers(address, port) : `${address} answers on port ${port} by refusing.`);
      }
    }
  }
  return {
    id: "reach",
    outcome: "no",
    detail: `Neither port 443 nor port 22 of ${addresses.join(", ") || "the target"} answers from here.`,
    unknownRequirements: networkRequirements,
    remedy: "Audit from a place that may reach the server, such as the office or the VPN, with --vantage allowed",
  };
}

function passedSteps(names: PreflightCheck, target: Target, session: HostSession): readonly PreflightCheck[] {
  const how = session.via === "ssh" ? "by the system's ssh" : "by ssh2";
  const { host = "", port = 22, jump } = target.ssh ?? {};
  const reached = jump === undefined ? answers(host, port) : `${host} answers on port ${port} through ${jump}.`;
  return [
    names,
    yes("reach", reached),
    yes("host-key", [session.hostKeys.join(", "), ...session.notes].filter((text) => text !== "").join(" ")),
    yes("login", `${target.ssh?.user} is let in by key, ${how}.`),
    yes("shell", "sh reads and runs what is sent."),
  ];
}

function answers(host: string, port: number): string {
  return `${host} answers on port ${port}.`;
}

/** What a problem says of the steps: all before it went well, all after it could not be tried. */
function failedSteps(names: PreflightCheck, problem: SessionProblem): readonly PreflightCheck[] {
  const failed = stepOf(problem.code);
  const at = loginSteps.indexOf(failed);
  // A key that can not even be read is noticed before anything is sent.
  const untried = problem.code === "passphrase" || problem.code === "key-unreadable";
  return loginSteps.map((id, index) => {
    if (index === at) return failedCheck(id, problem);
    if (index > at) return skipped(id, "The step before it failed.");
    if (id === "resolve") return names;
    return untried ? skipped(id, "Not tried: there is no key to log in with.") : yes(id, "It answered.");
  });
}

function stepOf(code: SessionProblemCode): LoginStep {
  switch (code) {
    case "unresolved":
      return "resolve";
    case "refused":
    case "timeout":
    case "unreachable":
    case "not-ssh":
    case "lost":
    case "algorithms":
      return "reach";
    case "host-key-unknown":
    case "host-key-changed":
    case "host-key-revoked":
      return "host-key";
    case "authentication":
    case "passphrase":
    case "key-unreadable":
    case "bug":
      return "login";
    case "no-shell":
    case "forced-command":
      return "shell";
    default:
      return code satisfies never;
  }
}

async function privilegeCheck(
  session: HostSession,
  options: PreflightOptions,
  target: Target,
): Promise<PreflightCheck> {
  const run = await session.run(privilegeScript, { timeoutMs: loginMs, maxBytes: 4096, signal: options.signal });
  const said = new TextDecoder().decode(run.stdout);
  const user = /^uid (\d+)$/m.exec(said)?.[1];
  const sudo = /^sudo (none|\d+)$/m.exec(said)?.[1];
  if (user === "0") return yes("privilege", "The login is root's.");
  if (sudo === "0") return yes("privilege", "sudo lets the login run commands without a password.");
  const login = target.ssh?.user ?? "$(id -un)";
  return {
    id: "privilege",
    outcome: "no",
    detail: refusal(sudo, `${run.end} ${visible(run.stderr, 200)}`.trim()),
    unknownRequirements: privilegedRequirements,
    remedy:
      sudo === "none"
        ? "Install sudo on the server, or log in as root from this address by key alone"
        : `sekisho sudoers ${login} > sekisho.sudoers, copy it to the server, and there: sudo visudo -cf sekisho.sudoers && sudo install -m 0440 sekisho.sudoers /etc/sudoers.d/sekisho`,
  };
}

function refusal(sudo: string | undefined, end: string): string {
  if (sudo === "none") return "There is no sudo on the server, and the login is not root's.";
  if (sudo === undefined) return `It could not be told whether the login has privileges: ${end}.`;
  return "sudo asks for a password or does not know the login, and the login is not root's.";
}

function namesOf(target: Target): readonly string[] {
  const host = target.ssh?.host;
  // Behind a bastion it is the bastion that resolves.
  const own = host === undefined || target.ssh?.jump !== undefined || isIP(host) !== 0 ? [] : [host];
  return [...new Set([...target.names, ...own])];
}

function failedCheck(id: LoginStep, problem: SessionProblem): PreflightCheck {
  return { id, outcome: "no", detail: problem.message, unknownRequirements: hostRequirements, remedy: problem.hint };
}

function skipped(id: PreflightCheck["id"], detail: string): PreflightCheck {
  return {
    id,
    outcome: "skipped",
    detail,
    unknownRequirements: id === "reach" ? networkRequirements : hostRequirements,
  };
}

function noPrivilege(): PreflightCheck {
  const detail = "There is no session to try it with.";
  return { id: "privilege", outcome: "skipped", detail, unknownRequirements: privilegedRequirements };
}

function yes(id: PreflightCheck["id"], detail: string): PreflightCheck {
  return { id, outcome: "yes", detail, unknownRequirements: [] };
}

function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
