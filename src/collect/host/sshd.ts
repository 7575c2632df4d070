import type { Static } from "typebox";
import type { Sshd } from "#evidence/host.ts";
import { type Attempt, absent, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import {
  type Frame,
  failureOf,
  faultOf,
  frameOf,
  framesOf,
  type HostOutput,
  isComplete,
  lines,
  missing,
} from "./frames.ts";
import { parseListeners } from "./network.ts";
import { processNames } from "./processes.ts";

type Effective = Exclude<Static<typeof Sshd>["effective"][number], { $unknown: string }>;

/** What sshd says its settings are, without a connection and for connections of each kind (sshd -T, sshd_config(5)). */
export function parseSshd(output: HostOutput): Attempt<Static<typeof Sshd>> {
  const asked = framesOf(output, "sshd").filter((frame) => /^sshd\.\d+(\.user|\.match)?$/.test(frame.name));
  const first = asked[0];
  if (first === undefined) return withoutSshd(output);
  const answers = asked.map((frame) => ({ frame, settings: settingsOf(frame) }));
  const effective = answers.map(({ frame, settings }) =>
    settings === undefined ? unknown(`sshd -T: ${whyNot(frame)}`) : effectiveOf(frame, settings),
  );
  if (answers.every(({ settings }) => settings === undefined))
    return failureOf(output, first, "sshd -T") ?? failed("malformed", "sshd -T gave no settings");
  return observed({
    effective: [...effective, ...openEnds(output, asked)],
    ports: portsOf(answers, otherDaemons(output)),
    changedAfterStart: changedAfterStart(output),
  });
}

const unreadDaemon = "an SSH daemon runs whose program or options are none that sshd can be asked about";

function withoutSshd(output: HostOutput): Attempt<never> {
  const present = frameOf(output, "sshd.present");
  if (present === undefined) return missing(output, "sshd");
  if (frameOf(output, "sshd.unread") !== undefined) return failed("unsupported", unreadDaemon);
  if (present.exitCode === 0) return failed("malformed", "sshd is there and was not asked");
  const names = processNames(output);
  const listeners = parseListeners(output);
  const silent =
    listeners.status === "observed" && listeners.value.every((socket) => "port" in socket && socket.port !== 22);
  if (names === undefined || !silent)
    return failed("unsupported", "no sshd program was found, but something may listen on port 22");
  if (names.has("sshd") || names.has("dropbear"))
    return failed("unsupported", "an SSH daemon runs whose program was not found");
  return absent("no sshd program, no sshd process, nothing listens on port 22");
}

function whyNot(frame: Frame): string {
  return visible(faultOf(frame)?.detail ?? "gave no settings", 200);
}

/** Settings by name in lower case; undefined when it is not a whole answer of sshd -T. */
function settingsOf(frame: Frame): ReadonlyMap<string, readonly string[]> | undefined {
  if (faultOf(frame) !== undefined || frame.state !== "ok") return undefined;
  const settings = new Map<string, string[]>();
  for (const line of lines(frame.text)) {
    const match = /^([a-z0-9]+) (.*?)\r?$/.exec(line);
    if (match?.[1] !== undefined) settings.set(match[1], [...(settings.get(match[1]) ?? []), match[2] ?? ""]);
  }
  return settings.has("port") && settings.has("passwordauthentication") ? settings : undefined;
}

function connectionOf(frame: Frame): string {
  return /^sekisho connection (.*)$/m.exec(frame.text)?.[1] ?? "";
}

function optionsOf(frame: Frame): string {
  return /^sekisho options (.*)$/m.exec(frame.text)?.[1] ?? "";
}

function effectiveOf(frame: Frame, settings: ReadonlyMap<string, readonly string[]>): Effective {
  const one = (name: string): Maybe<string> => settings.get(name)?.[0] ?? unknown(`sshd -T does not print ${name}`);
  const flag = (...names: string[]): Maybe<boolean> => {
    const value = names.map((name) => settings.get(name)?.[0]).find((text) => text !== undefined);
    if (value === "yes" || value === "no") return value === "yes";
    return unknown(`sshd -T prints no plain ${names[0] ?? ""}`);
  };
  const connection = connectionOf(frame);
  const options = optionsOf(frame);
  const entry = {
    connection: visible(options === "" ? connection : `${connection} (sshd ${options})`.trim(), 300),
    passwordAuthentication: flag("passwordauthentication"),
    // Before OpenSSH 8.7 it was called challengeresponseauthentication.
    kbdInteractiveAuthentication: flag("kbdinteractiveauthentication", "challengeresponseauthentication"),
    pubkeyAuthentication: flag("pubkeyauthentication"),
    permitEmptyPasswords: flag("permitemptypasswords"),
    permitRootLogin: one("permitrootlogin"),
    usePam: flag("usepam"),
    authenticationMethods: one("authenticationmethods"),
  };
  return { ...entry, passwordSuffices: passwordSuffices(entry, asRoot(connection)) };
}

/** PermitRootLogin keeps passwords from root only; keyboard-interactive asks for one only through PAM. */
function passwordSuffices(entry: Omit<Effective, "passwordSuffices">, root: boolean): Maybe<boolean> {
  const { passwordAuthentication: password, kbdInteractiveAuthentication: keyboard, usePam } = entry;
  const { permitRootLogin, authenticationMethods: methods } = entry;
  const known = ![password, keyboard, usePam, permitRootLogin, methods].some(isUnknown);
  if (!known || typeof methods !== "string") return unknown("a setting it follows from is not known");
  if (root && permitRootLogin !== "yes") return false;
  const offered = offeredMethods(password === true, keyboard === true && usePam === true);
  if (methods === "any") return offered.size > 0;
  const lists = methods.split(/\s+/).filter((list) => list !== "");
  return lists.some((list) => list.split(",").every((method) => offered.has(method.replace(/:.*$/, ""))));
}

function offeredMethods(password: boolean, keyboard: boolean): ReadonlySet<string> {
  return new Set([...(password ? ["password"] : []), ...(keyboard ? ["keyboard-interactive"] : [])]);
}

/** Criteria of Match lines that no connection asked about shows the effect of, by sshd's own account. */
function unmetMatches(asked: readonly Frame[]): string[] {
  const named = asked.flatMap(({ text }) => criteriaIn(text, /checking syntax for 'Match (.*)'$/gm));
  const met = new Set(asked.flatMap(shownBy));
  return [...new Set(named)].filter((line) => line !== "all" && !met.has(line));
}

function criteriaIn(text: string, pattern: RegExp): string[] {
  return [...text.replaceAll("\r", "").matchAll(pattern)].map((match) => match[1] ?? "");
}

/**
 * The Match line whose effect a connection shows: the first that applied, for a later one changes only what is not set yet. One as root
 * shows only what a line sets that names no other user: PermitRootLogin keeps passwords from root where others may use them.
 */
function shownBy(frame: Frame): string[] {
  const applied = /checking match for '(.*)' user .*\n(?:debug1: .*\n)*debug3: match found$/gm;
  const first = criteriaIn(frame.text, applied).filter((line) => line !== "all")[0];
  if (first === undefined) return [];
  return asRoot(connectionOf(frame)) && !/(^|\s)user[\s=]+"?root"?(\s|$)/i.test(first) ? [] : [first];
}

function asRoot(connection: string): boolean {
  return /^user=root(,|$)/.test(connection);
}

/** Why there may be a daemon that was not asked. */
function otherDaemons(output: HostOutput): { $unknown: string }[] {
  const list: { $unknown: string }[] = [];
  if (frameOf(output, "sshd.unread") !== undefined) list.push(unknown(unreadDaemon));
  if (frameOf(output, "sshd.more") !== undefined) list.push(unknown("more SSH daemons run than were asked"));
  const names = processNames(output);
  if (names === undefined) list.push(unknown("not all processes could be seen, another SSH daemon may run"));
  else if (names.has("dropbear")) list.push(unknown("dropbear runs too, which does not tell its settings"));
  return list;
}

/** Why the list of answers may lack one: Match lines no connection met, several daemons, another SSH server. */
function openEnds(output: HostOutput, asked: readonly Frame[]): { $unknown: string }[] {
  const ends = unmetMatches(asked).slice(0, 10);
  const list = ends.map((criteria) =>
    unknown(`Match ${visible(criteria, 200)} was not met by any connection asked about`),
  );
  if (asked.some((frame) => frame.state === "truncated")) list.push(unknown("an answer was cut at the size limit"));
  // Whatever comes after sshd in the script was reached only where sshd was done.
  if (!isComplete(output) && output.frames.at(-1)?.name.startsWith("sshd") === true)
    list.push(unknown("the script's output ends before the last answer"));
  return [...list, ...otherDaemons(output)];
}

interface Answer {
  readonly frame: Frame;
  readonly settings: ReadonlyMap<string, readonly string[]> | undefined;
}

function portsOf(answers: readonly Answer[], others: readonly { $unknown: string }[]): Maybe<number>[] {
  const all = (name: string) => answers.flatMap(({ settings }) => settings?.get(name) ?? []);
  const texts = [...all("port"), ...all("listenaddress").map((address) => address.replace(/^.*:/, ""))];
  const ports = new Set(texts.filter((text) => /^\d{1,5}$/.test(text)).map(Number));
  const none = ports.size === 0 ? [unknown("sshd -T prints no port")] : [];
  const daemons = Map.groupBy(answers, ({ frame }) => frame.name.split(".")[1]);
  const silent = [...daemons.values()].some((each) => each.every(({ settings }) => settings === undefined));
  return [...ports, ...none, ...(silent ? [unknown("one SSH daemon gave no settings")] : []), ...others];
}

/** Whether a line of the script's account of sshd may be shown: settings that are read here, never what sshd says of its work. */
export function isShown(line: string): boolean {
  return /^(sekisho (options|connection)|port|listenaddress|addressfamily|usepam|permitrootlogin|pubkeyauthentication|passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication|permitemptypasswords|authenticationmethods|pidfile|loaded|\d+ \d+) /.test(
    line,
  );
}

/** Files against the daemon's last start or reload, which is when it wrote its pid file. */
function changedAfterStart(output: HostOutput): Maybe<boolean> {
  const files = frameOf(output, "sshd.1.files");
  const loaded = /^loaded (\d{1,12})$/m.exec(frameOf(output, "sshd.1.start")?.text ?? "")?.[1];
  if (loaded === undefined) return unknown("when the running daemon read its files is not known");
  if (["sshd.2", "sshd.unread"].some((name) => frameOf(output, name) !== undefined))
    return unknown("several daemons run");
  if (files === undefined || faultOf(files) !== undefined || files.state !== "ok")
    return unknown("the files could not be looked at");
  const entries = lines(files.text).map((line) => /^(\d+) (\d+) (.+)$/.exec(line));
  if (entries.length === 0 || entries.includes(null)) return unknown("the times of some files could not be read");
  const since = Number(loaded);
  const later = (column: 1 | 2) =>
    entries.some((entry) => Number(entry?.[column]) > since && !isFolder(entry?.[3] ?? ""));
  if (later(1)) return true;
  // A newer change time alone: an older file may have been moved here, or only its owner changed.
  const doubtful = later(2) || entries.some((entry) => Number(entry?.[1]) > since);
  return doubtful ? unknown("a file was moved, removed or given other rights after the daemon read them") : false;
}

/** Folders of included files stand in the same list; sshd reads no file of such a name. */
function isFolder(path: string): boolean {
  return path.endsWith(".d") || path === "/etc/ssh";
}
