import { frameOf, type HostOutput, lines } from "./frames.ts";
import { readVersion, type VersionFound } from "./openclaw-version.ts";

/** A running gateway, as its process shows it. */
export interface Running {
  readonly nested: boolean;
  /** systemd unit without .service, by its control group. */
  readonly unit: string | undefined;
  readonly user: string | undefined;
  readonly uid: number | undefined;
  readonly version: VersionFound;
  /** Of a unit of the user's own systemd: whether it starts with the machine; undefined where that was not seen. */
  readonly userUnit: { readonly enabled: boolean | undefined } | undefined;
  readonly flags: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  /** Whether the arguments it was started with could be seen somewhere. */
  readonly argumentsSeen: boolean;
}

/** A system unit whose name is OpenClaw's. */
export interface Unit {
  readonly name: string;
  readonly active: boolean;
  /** UnitFileState of systemctl(1), such as enabled. */
  readonly fileState: string;
  readonly user: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
}

/** A value of the configuration as the script's filter printed it. */
interface ConfigValue {
  readonly type: string;
  readonly value: string;
}

/** A configuration file of OpenClaw: the settings the script lets through. */
export interface ConfigFile {
  readonly path: string;
  /** Octal, such as 600. */
  readonly mode: string | undefined;
  readonly values: ReadonlyMap<string, ConfigValue>;
  readonly proxies: readonly ConfigValue[];
  /** AI services that its models name; a question mark where one is named otherwise. */
  readonly providers: readonly string[];
  /** The same of what is no agent's model: speech, media, hooks. */
  readonly services: readonly string[];
  /** Services that notes are sent to for a search by meaning; a question mark where one is not plain. */
  readonly embeddings: readonly string[];
  /** What is said of that search: set, where one service is named for all; on; off. */
  readonly memory: ReadonlySet<string>;
  /** Paths at which $include stands; empty for the top. */
  readonly includes: ReadonlySet<string>;
  /** Why it could not be read to its end. */
  readonly fault: string | undefined;
}

/** The gateway's process: the one outside containers where there are several; undefined when none was seen. */
export function readPresence(output: HostOutput): Running | undefined {
  const text = frameOf(output, "openclaw.processes")?.text ?? "";
  const blocks = text.split(/^(?=process \d)/m).filter((block) => block.startsWith("process "));
  const running = blocks.map(readProcess);
  return (
    running.find((process) => process.unit !== undefined && !process.nested) ??
    running.find((process) => !process.nested) ??
    running[0]
  );
}

function readProcess(block: string): Running {
  const head = /^process \d+ (\d+) ([01]) /.exec(block);
  const groups = [...block.matchAll(/^cgroup (.*)$/gm)].map((match) => match[1] ?? "");
  const nested =
    head?.[2] === "1" || groups.some((group) => /\/(docker|libpod|containerd|kubepods|lxc)[-/.]/.test(group));
  const unit = groups
    .map((group) => /\/((?!user@)[^/]+)\.service$/.exec(group)?.[1])
    .find((name) => name !== undefined && !starters.test(name));
  return {
    nested,
    unit,
    user: /^account (\S+)/m.exec(block)?.[1] ?? (head?.[1] === "0" ? "root" : undefined),
    uid: head?.[1] === undefined ? undefined : Number(head[1]),
    version: readVersion(block),
    userUnit: groups.some((group) => group.includes("/user@")) ? { enabled: userUnitEnabled(block, unit) } : undefined,
    flags: mapOf(block, "flag"),
    variables: mapOf(block, "variable"),
    argumentsSeen: /^arguments seen$/m.test(block),
  };
}

/** A user's unit starts with the machine where something of the user's wants it and the user lingers (loginctl(1)). */
function userUnitEnabled(block: string, unit: string | undefined): boolean | undefined {
  const linger = /^linger (yes|no)$/m.exec(block)?.[1];
  if (linger === "no") return false;
  if (linger === undefined || unit === undefined || !/^wants seen$/m.test(block)) return undefined;
  return block.split("\n").includes(`wanted ${unit}.service`);
}

/** System units whose names are OpenClaw's. */
export function readUnits(output: HostOutput): readonly Unit[] {
  return output.frames
    .filter((frame) => frame.name === "openclaw.unit" && frame.state === "ok")
    .map(({ text }) => ({
      name: (/^Id=(.+)\.service$/m.exec(text)?.[1] ?? "").trim(),
      active: /^ActiveState=(active|reloading|activating)$/m.test(text),
      fileState: /^UnitFileState=(.*)$/m.exec(text)?.[1] ?? "",
      user: /^User=(.*)$/m.exec(text)?.[1] ?? "",
      flags: mapOf(text, "flag"),
      variables: mapOf(text, "variable"),
    }));
}

function mapOf(text: string, word: "flag" | "variable"): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(new RegExp(`^${word} (\\S+) (.*)$`, "gm"))].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

/** Files, and paths where one may be that could not be looked at. */
export function readConfigs(text: string): { files: readonly ConfigFile[]; hidden: readonly string[] } {
  const hidden = [...text.matchAll(/^hidden (.*)$/gm)].map((match) => match[1] ?? "");
  const blocks = text.split(/^(?=config \/)/m).filter((block) => block.startsWith("config /"));
  return { files: blocks.map(readConfig), hidden };
}

function readConfig(block: string): ConfigFile {
  const [head = "", ...rest] = lines(block);
  const rows = rest
    .map((line) => line.split("\t"))
    .map(([path = "", type = "", value = ""]) => ({ path, type, value }));
  const settings = rows.filter(
    (row) => !["", "include"].includes(row.type) && row.path !== "ai" && row.path !== "malformed",
  );
  const ai = (type: string) => rows.filter((row) => row.path === "ai" && row.type === type).map(({ value }) => value);
  // A key that stands twice: the later one counts, and with it the later list.
  const list = settings.findLastIndex((row) => row.path === "gateway.trustedProxies");
  return {
    path: head.slice("config ".length),
    mode: /^mode ([0-7]{3,4}) /m.exec(block)?.[1],
    values: new Map(
      settings.filter((row) => !row.path.endsWith(".#")).map(({ path, type, value }) => [path, { type, value }]),
    ),
    proxies: settings.slice(list + 1).filter((row) => row.path === "gateway.trustedProxies.#"),
    providers: ai("provider"),
    services: ai("service"),
    embeddings: ai("embedding"),
    memory: new Set(ai("memory")),
    includes: new Set(rows.filter((row) => row.type === "include").map((row) => row.path.replace(/\.?\$include$/, ""))),
    fault: faultOf(rest),
  };
}

function faultOf(rest: readonly string[]): string | undefined {
  if (rest.includes("unreadable")) return "its configuration may not be read by this user";
  return rest.some((line) => line.startsWith("malformed"))
    ? "its configuration could not be read to its end"
    : undefined;
}

/** The file in a container's mount, else the first: the script prints those of running processes first. */
export function chooseConfig(files: readonly ConfigFile[], mounts: readonly string[]): ConfigFile | undefined {
  return files.find((file) => mounts.some((mount) => file.path === `${mount}/openclaw.json`)) ?? files[0];
}

/** Services under which a process runs that somebody started by hand or by schedule. */
const starters = /^(cron|crond|atd|ssh|sshd|dropbear|docker|containerd|getty@.*|console-getty|serial-getty@.*)$/;
