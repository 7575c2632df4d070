import { type Frame, lines } from "./frames.ts";
import type { Frequency } from "./log-retention.ts";
import { sizeBytes } from "./log-time.ts";

/** What decides when a log is turned over. */
type Criterion = { readonly by: "time"; readonly frequency: Frequency } | { readonly by: "size" };

/** Settings in force for a log, logrotate(8). */
interface RotationSettings {
  readonly criterion: Criterion;
  readonly rotate: number;
  readonly maxAgeDays: number | undefined;
  /** Size at which it is turned over before its time. */
  readonly maxSize: number | undefined;
  readonly olddir: boolean;
  readonly su: boolean;
}

/** One block: patterns of logs and their settings. */
export interface RotationBlock extends RotationSettings {
  readonly file: string;
  readonly patterns: readonly string[];
  /** Why logrotate may leave it out; undefined where nothing was seen. */
  readonly fault: string | undefined;
}

/** All that logrotate reads. */
export interface LogrotateConfig {
  readonly blocks: readonly RotationBlock[];
  /** Why there may be more than what stands here. */
  readonly gaps: readonly string[];
}

interface File {
  readonly path: string;
  readonly lines: readonly string[];
  readonly skipped: boolean;
  readonly unread: boolean;
}

interface State {
  settings: RotationSettings;
  readonly blocks: RotationBlock[];
  readonly gaps: string[];
  readonly files: ReadonlyMap<string, File>;
  readonly folders: ReadonlySet<string>;
  taboo: readonly string[];
}

/** Settings before any line is read: by size from 1 MB on, and nothing kept. */
const initial: RotationSettings = {
  criterion: { by: "size" },
  rotate: 0,
  maxAgeDays: undefined,
  maxSize: undefined,
  olddir: false,
  su: false,
};

/** Ends of names that an include of a folder leaves out. */
const tabooEnds =
  ".bak .cfsaved .disabled .dpkg-bak .dpkg-del .dpkg-dist .dpkg-new .dpkg-old .dpkg-tmp .lock .new .old .orig .rhn-cfg-tmp .rpmnew .rpmorig .rpmsave .rpmsave- .swp .tmp .ucf-dist .ucf-new .ucf-old ,v ~".split(
    " ",
  );

/** Puts together what the script printed of logrotate's files, in the order logrotate reads them. */
export function readLogrotate(frame: Frame): LogrotateConfig {
  const { files, folders, gaps } = readFiles(frame.text);
  if (frame.state !== "ok") gaps.push("logrotate's configuration was not read to its end");
  const state: State = { settings: initial, blocks: [], gaps, files, folders, taboo: tabooEnds };
  readFile("/etc/logrotate.conf", state, new Set());
  return { blocks: markDuplicates(state.blocks), gaps };
}

function readFiles(text: string): { files: Map<string, File>; folders: Set<string>; gaps: string[] } {
  const files = new Map<string, File>();
  const folders = new Set<string>();
  const gaps = /^too many files$/m.test(text) ? ["logrotate includes more files than are read"] : [];
  for (const block of text.split(/^(?=file |folder )/m)) {
    const [head = "", ...rest] = lines(block);
    if (head.startsWith("folder ")) folders.add(head.slice(7));
    if (!head.startsWith("file ")) continue;
    const owner = /^owner ([0-7]{3,4}) (\d+) /.exec(rest.find((line) => line.startsWith("owner ")) ?? "");
    const path = head.slice(5);
    // logrotate passes over a file that others may write, and one that is not root's.
    const skipped = owner !== null && ((Number.parseInt(owner[1] ?? "0", 8) & 0o022) !== 0 || owner[2] !== "0");
    const unread = rest.includes("unreadable") || (owner === null && !rest.includes("missing"));
    files.set(path, {
      path,
      lines: rest.filter((line) => !/^(owner |unreadable$|missing$)/.test(line)),
      skipped,
      unread,
    });
  }
  return { files, folders, gaps };
}

/** Reads a file in place; global settings hold for what follows, in other files too. */
function readFile(path: string, state: State, open: ReadonlySet<string>): void {
  const file = state.files.get(path);
  if (file === undefined || file.unread || open.has(path) || open.size > 10) {
    state.gaps.push(`logrotate's ${path} was not read`);
    return;
  }
  if (file.skipped) return;
  const before = state.settings;
  const from = state.blocks.length;
  const fault = readLines(file, state, new Set([...open, path]));
  if (fault === undefined) return;
  // An error makes logrotate leave out some or all of the file, which of them differs by its version.
  state.settings = before;
  for (const [index, block] of state.blocks.entries())
    if (index >= from) state.blocks[index] = { ...block, fault: block.fault ?? `${path}: ${fault}` };
}

interface Open {
  patterns: string[];
  settings: RotationSettings | undefined;
}

function readLines(file: File, state: State, open: ReadonlySet<string>): string | undefined {
  let fault: string | undefined;
  const block: Open = { patterns: [], settings: undefined };
  for (const line of file.lines) {
    const found =
      block.settings === undefined
        ? readOutside(line, { file, state, open, block })
        : readInside(line, { file, state, block });
    fault ??= found;
  }
  if (block.settings !== undefined) fault ??= "a block has no end";
  return fault;
}

interface Place {
  readonly file: File;
  readonly state: State;
  readonly block: Open;
}

function readOutside(line: string, place: Place & { open: ReadonlySet<string> }): string | undefined {
  const { state, block } = place;
  if (/^[/"'~]/.test(line) || (line.startsWith("{") && block.patterns.length > 0)) {
    const [patterns = "", ...rest] = line.split("{");
    block.patterns.push(...wordsOf(patterns));
    if (!line.includes("{")) return undefined;
    block.settings = { ...state.settings };
    const inner = rest.join("{").trim();
    return inner === "" ? undefined : readInside(inner, place);
  }
  const { name, value } = directiveOf(line);
  if (name === "include") return include(value, state, place.open);
  if (name === "tabooext" || name === "taboopat") {
    state.taboo = value.startsWith("+") ? [...state.taboo, ...splitList(value.slice(1))] : splitList(value);
    return undefined;
  }
  if (line.startsWith("}") || line.startsWith("{")) return "a bracket stands alone";
  const applied = apply(state.settings, name, value);
  if (typeof applied === "string") return applied;
  state.settings = applied;
  return undefined;
}

function readInside(line: string, { file, state, block }: Place): string | undefined {
  const closes = line.trimEnd().endsWith("}");
  const text = closes ? line.trimEnd().slice(0, -1).trim() : line.trim();
  if (/^[/"'~{]/.test(text)) return "a file name or a bracket stands inside a block";
  const { name, value } = directiveOf(text);
  // A bracket on the line of a setting with a value belongs to the value for logrotate.
  const glued = closes && value !== "" ? "a bracket stands on the line of a setting" : undefined;
  const applied = text === "" ? (block.settings ?? initial) : apply(block.settings ?? initial, name, value);
  const fault = glued ?? (typeof applied === "string" ? applied : undefined);
  const settings = typeof applied === "string" ? (block.settings ?? initial) : applied;
  if (!closes) {
    block.settings = settings;
    return fault;
  }
  state.blocks.push({ ...settings, file: file.path, patterns: block.patterns, fault });
  block.patterns = [];
  block.settings = undefined;
  return fault;
}

function include(value: string, state: State, open: ReadonlySet<string>): string | undefined {
  const target = value.replace(/\/$/, "");
  if (!state.folders.has(value) && !state.folders.has(target)) {
    readFile(value, state, open);
    return undefined;
  }
  const inside = [...state.files.keys()]
    .filter((path) => path.startsWith(`${target}/`) && !path.slice(target.length + 1).includes("/"))
    .filter((path) => !state.taboo.some((end) => path.endsWith(end.replace(/^\*/, ""))) && !path.includes("/."))
    .sort();
  for (const path of inside) readFile(path, state, open);
  return undefined;
}

function directiveOf(line: string): { name: string; value: string } {
  const match = /^([A-Za-z]+)\s*=?\s*(.*)$/.exec(line.trim());
  return { name: match?.[1] ?? "", value: (match?.[2] ?? "").replace(/\s+#.*$/, "").trim() };
}

/** The settings with one directive more, or what is wrong with it. */
function apply(settings: RotationSettings, name: string, value: string): RotationSettings | string {
  const whole = /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  const size = sizeBytes(value);
  switch (name) {
    case "hourly":
    case "daily":
    case "weekly":
    case "monthly":
    case "yearly":
      return { ...settings, criterion: { by: "time", frequency: name } };
    case "annually":
      return { ...settings, criterion: { by: "time", frequency: "yearly" } };
    case "size":
      return size === undefined ? "a size is not understood" : { ...settings, criterion: { by: "size" } };
    case "rotate":
      return whole === undefined && value !== "-1"
        ? "a number of rotations is not understood"
        : { ...settings, rotate: whole ?? -1 };
    case "maxage":
      return whole === undefined ? "an age is not understood" : { ...settings, maxAgeDays: whole };
    case "maxsize":
      return size === undefined ? "a size is not understood" : { ...settings, maxSize: size };
    case "olddir":
      return { ...settings, olddir: true };
    case "noolddir":
      return { ...settings, olddir: false };
    case "su":
      return { ...settings, su: true };
    default:
      return settings;
  }
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function splitList(value: string): string[] {
  return value.split(/[\s,]+/).filter((word) => word !== "");
}

/** The same path in two blocks is an error of the second. */
function markDuplicates(blocks: readonly RotationBlock[]): readonly RotationBlock[] {
  const seen = new Set<string>();
  return blocks.map((block) => {
    const again = block.patterns.find((pattern) => seen.has(pattern));
    for (const pattern of block.patterns) seen.add(pattern);
    return again === undefined
      ? block
      : { ...block, fault: block.fault ?? `${block.file}: ${again} stands in another block too` };
  });
}
