import { join } from "node:path";
import * as ts from "typescript/unstable/ast";
import {
  API,
  type Checker,
  type NodeHandle,
  type Project,
  SymbolFlags,
  type Type,
  type Symbol as TypeScriptSymbol,
} from "typescript/unstable/sync";

const root = join(import.meta.dirname, "../..");
const source = join(root, "src", "/");

/** Runs `use` on the compiler's view of the sources of some folders of src. */
export function withSources<T>(folders: readonly string[], use: (sources: Sources) => T): T {
  const api = new API({ cwd: root });
  try {
    const file = join(root, "tsconfig.json");
    const project = api.updateSnapshot({ openProjects: [file] }).getProject(file);
    if (project === undefined) throw new Error("tsconfig.json could not be read");
    return use(new Sources(project, folders));
  } finally {
    api.close();
  }
}

/** The sources, and where in them something is called, filled in or added to. */
export class Sources {
  readonly #project: Project;
  readonly #calls = new Map<string, ts.CallExpression[]>();
  readonly #fields = new Map<string, ts.Node[]>();
  readonly #grown = new Map<string, ts.Expression[]>();
  /** Every call of a function by its name, and every field of that name: where following begins. */
  readonly calls: ts.CallExpression[] = [];
  readonly fields: { readonly name: string; readonly value: ts.Node; readonly folder: string }[] = [];

  constructor(project: Project, folders: readonly string[]) {
    this.#project = project;
    for (const name of project.program.getSourceFileNames()) {
      const within = folders.some((folder) => name.startsWith(join(source, folder, "/")));
      const file = within ? project.program.getSourceFile(name) : undefined;
      if (file !== undefined) this.#index(file);
    }
  }

  get checker(): Checker {
    return this.#project.checker;
  }

  /** What a name or a field stands for, past imports. */
  symbolOf(node: ts.Node): TypeScriptSymbol | undefined {
    const symbol = this.checker.getSymbolAtLocation(node);
    return symbol !== undefined && (symbol.flags & SymbolFlags.Alias) !== 0
      ? this.checker.getAliasedSymbol(symbol)
      : symbol;
  }

  /** The declarations of a symbol that stand in our own sources. */
  declarationsOf(symbol: TypeScriptSymbol): readonly ts.Node[] {
    return symbol.declarations.flatMap((handle) => this.#own(handle) ?? []);
  }

  /** The function of ours that a call runs; undefined where it is a library's. */
  calledBy(call: ts.CallExpression): ts.Node | undefined {
    const handle = this.checker.getResolvedSignature(call)?.declaration;
    return handle === undefined ? undefined : this.#own(handle);
  }

  /** Calls of a function, or of what is held under a name. */
  callsOf(made: ts.Node): readonly ts.CallExpression[] {
    return this.#calls.get(keyOf(made)) ?? [];
  }

  /** What is put under a field of a declared type. */
  filledInto(field: ts.Node): readonly ts.Node[] {
    return this.#fields.get(keyOf(field)) ?? [];
  }

  /** What is put under a field of this name anywhere. */
  named(field: string): readonly ts.Node[] {
    return this.fields.filter(({ name }) => name === field).map(({ value }) => value);
  }

  /** What is assigned to a name later, or pushed into its list. */
  addedTo(symbol: TypeScriptSymbol): readonly ts.Expression[] {
    return this.declarationsOf(symbol).flatMap((declaration) => this.#grown.get(keyOf(declaration)) ?? []);
  }

  /** The symbols of a field in each type that a pattern may take apart. */
  fieldsOf(pattern: ts.Node, field: string): readonly TypeScriptSymbol[] {
    const type = this.checker.getTypeAtLocation(pattern);
    return type === undefined ? [] : this.#properties(type, field);
  }

  /** File and line of a node. */
  whereIs(node: ts.Node): string {
    const file = node.getSourceFile();
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    return `${file.fileName.slice(root.length + 1)}:${line + 1}`;
  }

  #own(handle: NodeHandle): ts.Node | undefined {
    return handle.path.startsWith(source) ? handle.resolve() : undefined;
  }

  #properties(type: Type, field: string): readonly TypeScriptSymbol[] {
    const plain = this.checker.getNonNullableType(type) ?? type;
    const types = plain.isUnionType() ? (plain.getTypes() ?? []) : [plain];
    return types.flatMap((each) => this.checker.getPropertyOfType(each, field) ?? []);
  }

  #index(node: ts.Node): void {
    if (ts.isCallExpression(node)) this.#indexCall(node);
    if (ts.isPropertyAssignment(node)) this.#indexField(node, node.initializer);
    if (ts.isShorthandPropertyAssignment(node)) this.#indexField(node, node.name);
    if (ts.isBinaryExpression(node) && assigning.has(node.operatorToken.kind)) this.#grow(node.left, [node.right]);
    node.forEachChild((child) => this.#index(child));
  }

  #indexCall(node: ts.CallExpression): void {
    this.calls.push(node);
    const called = this.calledBy(node);
    if (called !== undefined) add(this.#calls, keyOf(called), node);
    const { expression } = node;
    if (!ts.isPropertyAccessExpression(expression)) return;
    const name = expression.name.text;
    if (name === "set") this.#grow(expression.expression, node.arguments.slice(1));
    else if (growing.has(name)) this.#grow(expression.expression, node.arguments);
  }

  #indexField(node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment, value: ts.Node): void {
    const name = node.name.getText();
    const folder = node.getSourceFile().fileName.slice(source.length).split("/", 1).join();
    this.fields.push({ name, value, folder });
    const { parent } = node;
    if (!ts.isObjectLiteralExpression(parent)) return;
    const expected = this.checker.getContextualType(parent);
    for (const symbol of expected === undefined ? [] : this.#properties(expected, name)) {
      for (const declaration of this.declarationsOf(symbol)) add(this.#fields, keyOf(declaration), value);
    }
  }

  #grow(target: ts.Node, values: readonly ts.Expression[]): void {
    const list = ts.isElementAccessExpression(target) ? target.expression : target;
    const symbol = this.symbolOf(ts.isPropertyAccessExpression(list) ? list.name : list);
    for (const declaration of symbol === undefined ? [] : this.declarationsOf(symbol)) {
      for (const value of values) add(this.#grown, keyOf(declaration), value);
    }
  }
}

const assigning = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);
const growing = new Set(["push", "unshift", "add"]);

/** A name for a node that stays the same however it was come by. */
export function keyOf(node: ts.Node): string {
  return `${node.getSourceFile().fileName} ${node.kind} ${node.pos} ${node.end}`;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}
