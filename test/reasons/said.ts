import * as ts from "typescript/unstable/ast";
import type { Symbol as TypeScriptSymbol } from "typescript/unstable/sync";
import { keyOf, type Sources, withSources } from "./sources.ts";

/** One text that may reach a reader as the reason why something is not known. */
export interface Said {
  /** Pieces of the text in their order; between two of them stands something that is filled in. */
  readonly pieces: readonly string[];
  /** Whether it only stands in a slot of other texts, never by itself. */
  readonly inside: boolean;
  /** File and line. */
  readonly where: string;
}

/** What was found, and the expressions that could not be followed to the texts they stand for. */
export interface Sayings {
  readonly said: readonly Said[];
  readonly lost: readonly string[];
}

/** Functions that take a reason, and at which place. */
const takers: Readonly<Record<string, number>> = { unknown: 0, failed: 1, absent: 0, notAttempted: 0, noSession: 1 };
/** Fields whose texts a reader meets, and the folders in which they are such; elsewhere they hold texts in both languages. */
const shownFields: Readonly<Record<string, readonly string[]>> = {
  detail: ["collect", "net", "engine", "audit"],
  how: ["collect"],
  notes: ["collect", "net", "audit"],
  exclusions: ["audit"],
  remedy: ["audit"],
};
/** Fields of objects that are handed on as ones of another type: what is put under the name anywhere may be in them. */
const handedOn = new Set(["error", "systemSsh"]);
/** Functions that make a text fit to be shown and leave its words as they are. */
const cleaning = new Set(["visible", "printable", "withoutFolders"]);
/** Ways from a list or a text to another with the same words. */
const passing = new Set(
  "flat filter slice find findLast at sort toSorted values trim trimEnd replace replaceAll join get shift pop".split(
    " ",
  ),
);

/** Ways in which a function makes the words of a list. */
const making = new Set(["map", "flatMap"]);

/** Finds every text that is given as a reason: through constants, parameters, results, fields and lists. */
export function sayings(): Sayings {
  return withSources(["collect", "net", "engine", "audit"], (sources) => new Walk(sources).all());
}

class Walk {
  readonly #sources: Sources;
  readonly #said = new Map<string, Said>();
  readonly #lost = new Set<string>();
  readonly #done = new Set<string>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  all(): Sayings {
    for (const call of this.#sources.calls) for (const reason of reasonsIn(call)) this.#follow(reason, false);
    for (const { name, value, folder } of this.#sources.fields) {
      if (shownFields[name]?.includes(folder) === true) this.#follow(value, false);
    }
    return { said: [...this.#said.values()], lost: [...this.#lost] };
  }

  #follow(node: ts.Node, inside: boolean): void {
    const key = `${keyOf(node)} ${inside}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) this.#say(node, [node.text], inside);
    else if (ts.isTemplateExpression(node) || isSum(node)) this.#followTemplate(node, inside);
    else if (ts.isIdentifier(node)) this.#followSymbol(this.#sources.symbolOf(node), inside);
    else if (ts.isPropertyAccessExpression(node)) this.#followSymbol(this.#sources.symbolOf(node.name), inside);
    else if (ts.isCallExpression(node)) this.#followCall(node, inside);
    else if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) this.#followResults(node, inside);
    else this.#followParts(node, inside);
  }

  #followTemplate(node: ts.Node, inside: boolean): void {
    const { pieces, filled } = templateOf(node);
    this.#say(node, pieces, inside);
    for (const each of filled) this.#follow(each, true);
  }

  #followParts(node: ts.Node, inside: boolean): void {
    const parts = partsOf(node);
    if (parts === undefined && !inside && !ts.isNumericLiteral(node)) {
      this.#lose(node);
    }
    for (const part of parts ?? []) this.#follow(part, inside);
  }

  #followCall(node: ts.CallExpression, inside: boolean): void {
    const called = this.#sources.calledBy(node);
    const [first] = node.arguments;
    if (first !== undefined && ts.isIdentifier(node.expression) && cleaning.has(node.expression.text)) {
      this.#follow(first, inside);
    } else if (called !== undefined && hasBody(called)) this.#followResults(called, inside);
    else if (ts.isPropertyAccessExpression(node.expression)) this.#followMethod(node, node.expression, inside);
    else this.#followParts(node, inside);
  }

  #followMethod(node: ts.CallExpression, { expression, name }: ts.PropertyAccessExpression, inside: boolean): void {
    const passes = passing.has(name.text);
    const given = making.has(name.text) ? node.arguments.slice(0, 1) : [];
    for (const each of given) this.#follow(each, inside);
    if (passes) this.#follow(expression, inside);
    else if (given.length === 0) this.#followParts(node, inside);
  }

  #followResults(made: WithBody, inside: boolean): void {
    const { body } = made;
    const visit = (node: ts.Node): void => {
      if ((ts.isReturnStatement(node) || ts.isYieldExpression(node)) && node.expression !== undefined) {
        this.#follow(node.expression, inside);
      }
      if (!hasBody(node)) node.forEachChild(visit);
    };
    if (body !== undefined && ts.isBlock(body)) body.forEachChild(visit);
    else if (body !== undefined) this.#follow(body, inside);
  }

  #followSymbol(symbol: TypeScriptSymbol | undefined, inside: boolean): void {
    if (symbol === undefined) return;
    for (const each of this.#sources.addedTo(symbol)) this.#follow(each, inside);
    for (const declaration of this.#sources.declarationsOf(symbol)) {
      const own = this.#sources.filledInto(declaration);
      const elsewhere = own.length === 0 && handedOn.has(symbol.name);
      for (const each of elsewhere ? this.#sources.named(symbol.name) : own) this.#follow(each, inside);
      if (own.length === 0 && !elsewhere && !inside && ts.isPropertySignatureDeclaration(declaration))
        this.#lose(declaration);
      this.#followDeclaration(declaration, inside);
    }
  }

  #followDeclaration(node: ts.Node, inside: boolean): void {
    if (ts.isVariableDeclaration(node)) this.#followVariable(node, inside);
    else if (ts.isPropertyAssignment(node)) this.#follow(node.initializer, inside);
    else if (ts.isShorthandPropertyAssignment(node)) {
      this.#followSymbol(this.#sources.checker.getShorthandAssignmentValueSymbol(node), inside);
    } else if (ts.isParameterDeclaration(node)) this.#followParameter(node, inside);
    else if (ts.isBindingElement(node)) this.#followBinding(node, inside);
    else if (hasBody(node)) this.#followResults(node, inside);
  }

  #followVariable(node: ts.VariableDeclaration, inside: boolean): void {
    const loop = node.parent.parent;
    if (ts.isForOfStatement(loop)) this.#follow(loop.expression, inside);
    else if (node.initializer !== undefined) this.#follow(node.initializer, inside);
  }

  #followParameter(parameter: ts.ParameterDeclaration, inside: boolean): void {
    const made = parameter.parent;
    if (!hasBody(made)) return;
    const at = made.parameters.indexOf(parameter);
    const rest = parameter.dotDotDotToken !== undefined;
    if (parameter.initializer !== undefined) this.#follow(parameter.initializer, inside);
    for (const call of this.#sources.callsOf(made)) {
      for (const each of call.arguments.slice(at, rest ? undefined : at + 1)) this.#follow(each, inside);
    }
    // What a function is given that is itself given to `map` and the like stands in the list.
    const taker = ts.isCallExpression(made.parent) ? made.parent.expression : undefined;
    if (taker !== undefined && ts.isPropertyAccessExpression(taker)) this.#follow(taker.expression, inside);
  }

  #followBinding(element: ts.BindingElement, inside: boolean): void {
    const pattern = element.parent;
    const { name, propertyName, initializer } = element;
    if (initializer !== undefined) this.#follow(initializer, inside);
    if (ts.isArrayBindingPattern(pattern)) this.#followDeclaration(pattern.parent, inside);
    const field = (propertyName ?? name)?.getText() ?? "";
    if (ts.isObjectBindingPattern(pattern))
      for (const symbol of this.#sources.fieldsOf(pattern, field)) this.#followSymbol(symbol, inside);
  }

  /** Where a value comes from a schema alone, who made it is found elsewhere. */
  #lose(node: ts.Node): void {
    const where = this.#sources.whereIs(node);
    if (!/^src\/(?:model|evidence)\//.test(where)) this.#lost.add(`${where} ${node.getText().replace(/\s+/g, "")}`);
  }

  #say(node: ts.Node, pieces: readonly string[], inside: boolean): void {
    const text = pieces.join("\0");
    const before = this.#said.get(text);
    if (before !== undefined && (!before.inside || inside)) return;
    this.#said.set(text, { pieces, inside, where: this.#sources.whereIs(node) });
  }
}

/** What a call takes as a reason: `unknown(why)`, or `whys.map(unknown)`. */
function reasonsIn({ expression, arguments: given }: ts.CallExpression): readonly ts.Node[] {
  const [first] = given;
  if (ts.isIdentifier(expression)) return given.slice(takers[expression.text] ?? given.length).slice(0, 1);
  const handed = first !== undefined && ts.isIdentifier(first) && takers[first.text] === 0;
  return handed && ts.isPropertyAccessExpression(expression) ? [expression.expression] : [];
}

type WithBody = ts.FunctionLikeDeclaration;

function hasBody(node: ts.Node): node is WithBody {
  return ts.isFunctionLikeDeclaration(node);
}

/** Whether texts are put one after another with a plus sign. */
function isSum(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    templateOf(node).pieces.join("") !== ""
  );
}

/** A text with slots: its own pieces, and what stands between them. */
function templateOf(node: ts.Node): { readonly pieces: readonly string[]; readonly filled: readonly ts.Node[] } {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return { pieces: [node.text], filled: [] };
  if (ts.isTemplateExpression(node)) {
    const pieces = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
    return { pieces, filled: node.templateSpans.map(({ expression }) => expression) };
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
    return { pieces: ["", ""], filled: [node] };
  }
  const [left, right] = [templateOf(node.left), templateOf(node.right)];
  const border = `${left.pieces.at(-1)}${right.pieces[0]}`;
  return {
    pieces: [...left.pieces.slice(0, -1), border, ...right.pieces.slice(1)],
    filled: [...left.filled, ...right.filled],
  };
}

/** The parts of an expression that its value can be, or be put together from; undefined where that is not known. */
function partsOf(node: ts.Node): readonly ts.Node[] | undefined {
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (ts.isBinaryExpression(node)) {
    return node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? [node.right] : [node.left, node.right];
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isNewExpression(node)) return node.arguments ?? [];
  if (ts.isObjectLiteralExpression(node))
    return node.properties.filter(ts.isPropertyAssignment).map((each) => each.initializer);
  const inner = wrapped.some((is) => is(node)) && "expression" in node ? node.expression : undefined;
  return inner === undefined ? undefined : [inner as ts.Node];
}

/** Expressions with the value of the one expression in them. */
const wrapped = [
  ts.isParenthesizedExpression,
  ts.isAsExpression,
  ts.isNonNullExpression,
  ts.isAwaitExpression,
  ts.isSatisfiesExpression,
  ts.isSpreadElement,
  ts.isElementAccessExpression,
] as const;
