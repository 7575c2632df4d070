import { visible } from "#model/sanitise.ts";
import { timeOf } from "./backup-units.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";

/** A jail of fail2ban that runs. */
export interface Jail {
  readonly name: string;
  /** Its pattern is one for sshd's lines. */
  readonly matchesSsh: boolean;
  /** Its pattern is one for requests that were turned away. */
  readonly matchesRefusals: boolean;
  readonly paths: readonly string[];
  /** Services whose journal it reads: ssh, nginx, openclaw. */
  readonly journal: readonly string[];
  /** Words for by what its actions tell somebody; `other` for what could not be read. */
  readonly tells: readonly string[];
}

/** Jails that run, or why they are not known. */
export type Jails = { readonly jails: readonly Jail[] } | { readonly why: string };

/**
 * The daemon says which jails run; what they read and do stands in the settings, which count only where they have not changed since
 * the daemon read them. Where it was asked for a jail's actions, its answer goes before the settings.
 */
export function readJails(output: HostOutput, utcOffsetMinutes: number): Jails {
  const status = frameOf(output, "alerts.fail2ban");
  const settings = frameOf(output, "alerts.fail2ban.settings");
  if (status === undefined || settings === undefined) return { why: "fail2ban could not be asked" };
  const fault = faultOf(status) ?? faultOf(settings);
  if (fault !== undefined) return { why: `fail2ban could not be asked: ${fault.detail}` };
  const list = /Jail list:[ \t]*(.*)$/m.exec(status.text)?.[1];
  if (list === undefined || status.state !== "ok" || settings.state !== "ok")
    return { why: "fail2ban's answer was not understood" };
  const running = list.split(/[,\s]+/).filter((name) => name !== "");
  if (running.length === 0) return { jails: [] };
  const stale = staleness(settings.text, utcOffsetMinutes);
  if (stale !== undefined) return { why: stale };
  const lines = linesByJail(settings.text);
  const actions = readActions(frameOf(output, "alerts.fail2ban.actions")?.text ?? "");
  const jails = running.map((name) => toJail(name, lines.get(name) ?? [], actions.get(name)));
  const missing = jails.find((jail) => jail === undefined);
  return missing === undefined && !jails.includes(undefined)
    ? { jails: jails.filter((jail) => jail !== undefined) }
    : { why: "a jail runs that does not stand in fail2ban's settings" };
}

/** The words of each line by the jail that stands second, cut behind the longest path that Linux knows. */
function linesByJail(text: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const found = new Map<string, string[][]>();
  for (const line of text.split("\n")) {
    const words = line
      .slice(0, 4352)
      .split(" ")
      .filter((word) => word !== "");
    const of = found.get(words[1] ?? "") ?? [];
    of.push(words);
    found.set(words[1] ?? "", of);
  }
  return found;
}

function staleness(text: string, utcOffsetMinutes: number): string | undefined {
  const changed = /^changed (\d{1,11})/m.exec(text)?.[1];
  const loaded = timeOf(/^StateChangeTimestamp=([^\n]{0,80})$/m.exec(text)?.[1]?.trim(), utcOffsetMinutes);
  if (/^faulty/m.test(text)) return "fail2ban's settings could not all be read";
  if (changed === undefined || loaded === undefined) return "since when fail2ban runs with its settings is not known";
  return Number(changed) > loaded ? "fail2ban's settings changed after it read them" : undefined;
}

/** Names of the actions of jails that the daemon was asked for. */
function readActions(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const block of text.split(/^jail /m).slice(1)) {
    const match = /^(\S{1,100})\nThe jail \S+ has the following actions:\n(.*)/.exec(block);
    const none = /^(\S{1,100})\nNo actions for jail/.exec(block);
    if (match?.[1] !== undefined)
      found.set(
        match[1],
        (match[2] ?? "").split(/[,\s]+/).filter((name) => name !== ""),
      );
    else if (none?.[1] !== undefined) found.set(none[1], []);
  }
  return found;
}

function toJail(
  name: string,
  own: readonly (readonly string[])[],
  answer: readonly string[] | undefined,
): Jail | undefined {
  if (!own.some(([word]) => word === "jail")) return undefined;
  const told = (word: string) => own.filter(([first]) => first === word).map(([, , ...rest]) => rest);
  const matches = told("matches").flat();
  const actions = told("action");
  const named = new Set(actions.map(([action]) => action));
  const running = answer === undefined ? undefined : new Set(answer);
  const unknownAction = answer?.some((action) => !named.has(action)) === true;
  return {
    name: visible(name, 100),
    matchesSsh: matches.includes("ssh"),
    matchesRefusals: matches.includes("refusals"),
    paths: told("reads").map(([path = ""]) => path),
    journal: told("journal").flat(),
    tells: [
      ...actions
        .filter(([action = ""]) => running === undefined || running.has(action))
        .flatMap(([, ...words]) => words),
      ...(unknownAction ? ["other"] : []),
    ],
  };
}
