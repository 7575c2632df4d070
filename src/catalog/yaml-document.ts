import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from "yaml";
import { InputError, type Place } from "#model/input-error.ts";
import { sourceOffset } from "./scalar-offset.ts";

/** A place inside a document: keys of maps and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

/** A parsed document that knows where each of its values stands. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at `path` starts, or where what is nearest to it does. */
  placeOf(path: Path): Place;
  /** Where the key that `path` ends in stands. */
  placeOfKey(path: Path): Place;
  /** Where the character at `offset` of the text at `path` stands. */
  placeInText(path: Path, offset: number): Place;
}

/** No file of ours comes near these; more is refused before it costs anything. */
const limits = { characters: 1_000_000, depth: 64 } as const;

/**
 * Parses one YAML 1.2 document. Duplicate keys, keys that are no text, tags of its own, deep nesting and aliases are refused.
 * @throws InputError with file, line and column.
 */
export function parseYamlDocument(text: string, file: string): YamlDocument {
  if (text.length > limits.characters) {
    throw new InputError(`file is longer than ${limits.characters} characters`, { place: { file } });
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  refuseDeepFlow(text, file);
  const document = parse(text, file, lines);
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw syntaxError(problem, placeAt(Math.min(problem.pos[0], text.length)));
  refuseAliasesAndDepth(document.contents, placeAt);
  const offsetOf = (node: Node | undefined) => node?.range?.[0] ?? 0;
  return {
    file,
    value: document.toJS(),
    placeOf: (path) => placeAt(offsetOf(find(document, path).node)),
    placeOfKey: (path) => {
      const { node, key } = find(document, path);
      return placeAt(offsetOf(key ?? node));
    },
    placeInText: (path, offset) => {
      const { node } = find(document, path);
      return placeAt(node === undefined ? 0 : sourceOffset(text, node, offset));
    },
  };
}

function parse(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      lineCounter,
      schema: "core",
      merge: false,
      resolveKnownTags: false,
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
      logLevel: "error",
    });
  } catch (error) {
    // The parser recurses: block collections nested beyond the stack end here instead of in an answer.
    if (error instanceof RangeError) throw tooDeep({ file });
    throw error;
  }
}

/** Refuses brackets nested beyond the limit before the parser meets them; brackets in texts count too, which no file of ours minds. */
function refuseDeepFlow(text: string, file: string): void {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > limits.depth * 4) throw tooDeep({ file });
  }
}

/** Refuses aliases, which can multiply or contain themselves, and depth that neither our readers nor a person would follow. */
function refuseAliasesAndDepth(root: unknown, placeAt: (offset: number) => Place): void {
  const open = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    const place = () => placeAt(isNode(node) ? (node.range?.[0] ?? 0) : 0);
    if (depth > limits.depth) throw tooDeep(place());
    if (isAlias(node)) {
      const hint = "write the value out instead of using anchors (&) and aliases (*)";
      throw new InputError(`the alias *${node.source.slice(0, 64)} is not allowed here`, { place: place(), hint });
    }
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
}

function childrenOf(node: unknown): readonly unknown[] {
  if (isSeq(node)) return node.items;
  return isMap(node) ? node.items.map((pair) => pair.value) : [];
}

function tooDeep(place: Place): InputError {
  return new InputError(`nested deeper than ${limits.depth} levels`, { place });
}

/** The node at `path`, or the deepest one on the way to it, with the key it stands under. */
function find(document: Document.Parsed, path: Path): { node: Node | undefined; key: Node | undefined } {
  let node: Node | undefined = document.contents ?? undefined;
  let key: Node | undefined;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) break;
    key = child.key;
    node = child.node ?? node;
  }
  return { node, key };
}

function childOf(parent: Node | undefined, step: string | number) {
  if (isSeq(parent)) {
    const item = parent.items[Number(step)];
    return isNode(item) ? { node: item, key: undefined } : undefined;
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item: Pair) => isScalar(item.key) && item.key.value === step);
  if (pair === undefined || !isNode(pair.key)) return undefined;
  return { node: isNode(pair.value) ? pair.value : pair.key, key: pair.key };
}

function syntaxError(problem: YAMLError, place: Place): InputError {
  // The parser gives its own exhausted stack as an error of the text.
  if (problem.message.includes("call stack")) return tooDeep(place);
  switch (problem.code) {
    case "DUPLICATE_KEY":
      return new InputError("the key stands twice", {
        place,
        hint: "each key may stand only once; remove or rename one",
      });
    case "MULTIPLE_DOCS":
      return new InputError("the file holds more than one document", {
        place,
        hint: "remove what follows the line ---",
      });
    default:
      return new InputError(problem.message.replace(/\s+/gu, " ").trim(), { place });
  }
}

/** `targets[0].host` */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
    .join("");
}
