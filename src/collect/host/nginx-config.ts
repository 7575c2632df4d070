/** One directive of nginx.conf; args is empty for one whose words the script left out. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
}

/** The configuration with its includes in place, and what of it could not be read. */
export interface NginxConfig {
  readonly root: readonly Directive[];
  readonly gaps: readonly string[];
  readonly unreadable: boolean;
}

interface Files {
  readonly main: string;
  /** Directive lines by file. */
  readonly lines: Map<string, string[]>;
  /** Files by include pattern as it stands in a file, made absolute. */
  readonly includes: Map<string, readonly string[]>;
  readonly gaps: string[];
}

/** Puts together what the script's filter printed: one directive a line, words separated by tabs, ending in ; { or }. */
export function readNginx(text: string): NginxConfig {
  const files = readFiles(text);
  const root = parseFile(files, files.main, new Set());
  return { root, gaps: files.gaps, unreadable: files.gaps.some((gap) => gap.endsWith("could not be read")) };
}

function readFiles(text: string): Files {
  const files: Files = { main: /^main\t(.*)$/m.exec(text)?.[1] ?? "", lines: new Map(), includes: new Map(), gaps: [] };
  let current = "";
  for (const line of text.split("\n")) {
    const [word = "", first = "", second = ""] = line.split("\t");
    const trouble = troubleOf(word, current);
    if (word === "file") {
      current = first;
      files.lines.set(current, []);
    } else if (word === "includes") note(files.includes, first, second);
    else if (trouble !== undefined) files.gaps.push(trouble);
    else if (line !== "" && word !== "main") files.lines.get(current)?.push(line);
  }
  return files;
}

function note(includes: Files["includes"], pattern: string, path: string): void {
  includes.set(pattern, [...(includes.get(pattern) ?? []), ...(path === "" ? [] : [path])]);
}

/** What the script says of a file that nginx reads and it could not read to its end. */
function troubleOf(word: string, file: string): string | undefined {
  switch (word) {
    case "unreadable":
      return `${file} could not be read`;
    case "malformed":
      return `${file} does not end as nginx would have it`;
    case "settings on the command line":
      return `${file} may be added to on nginx's command line`;
    case "too many files":
      return `${file} is not the last file, but no more are read`;
    default:
      return undefined;
  }
}

interface Block {
  readonly name: string;
  readonly args: readonly string[];
  readonly list: Directive[];
}

/** Directives of a file; a block may not begin in one file and end in another. */
function parseFile(files: Files, path: string, open: ReadonlySet<string>): Directive[] {
  const lines = files.lines.get(path);
  if (lines === undefined || open.has(path) || open.size > 20) {
    if (path !== "") files.gaps.push(`${path} was not read`);
    return [];
  }
  const place = { files, path, inside: new Set([...open, path]) };
  const stack: Block[] = [{ name: "", args: [], list: [] }];
  for (const line of lines) readDirective(line, stack, place);
  if (stack.length > 1) files.gaps.push(`${path} ends inside a block`);
  return stack[0]?.list ?? [];
}

function readDirective(
  line: string,
  stack: Block[],
  place: { files: Files; path: string; inside: ReadonlySet<string> },
): void {
  const words = line.split("\t");
  const end = words.pop() ?? "";
  const [name = "", ...args] = words;
  const top = stack.at(-1);
  if (end === "{") stack.push({ name, args, list: [] });
  else if (end === ";" && name === "include") top?.list.push(...included(place.files, args[0] ?? "", place.inside));
  else if (end === ";") top?.list.push({ name, args });
  else if (end === "}" && top !== undefined && stack.length > 1) {
    stack.pop();
    stack.at(-1)?.list.push({ name: top.name, args: top.args, block: top.list });
  } else place.files.gaps.push(`${place.path} has a line that was not understood`);
}

function included(files: Files, pattern: string, open: ReadonlySet<string>): Directive[] {
  const folder = files.main.replace(/\/[^/]*$/, "");
  const absolute = pattern.startsWith("/") ? pattern : `${folder}/${pattern}`;
  const paths = files.includes.get(absolute);
  if (paths === undefined) files.gaps.push(`include ${absolute} was not followed`);
  return (paths ?? []).flatMap((path) => parseFile(files, path, open));
}
