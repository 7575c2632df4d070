import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { readDocument } from "#catalog/read-document.ts";
import { namesIn, readText } from "#catalog/read-file.ts";
import { hintFor } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import { equipment } from "./places.ts";
import { projectNode } from "./project-node.ts";

const strict = { additionalProperties: false } as const;

const scriptName = Type.String({ pattern: "^[a-z-]+\\.sh$" });

/** The file layers/NAME.yaml. */
const RecipeFile = Type.Object(
  {
    parent: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
    /** Debian's release, of a layer without a parent. */
    suite: Type.Optional(Type.String({ pattern: "^[a-z]+$" })),
    packages: Type.Array(Type.String({ pattern: "^[a-z0-9][a-z0-9.+-]*$" }), { uniqueItems: true }),
    /** The project's own Node goes to /opt/node. */
    node: Type.Optional(Type.Boolean()),
    /** A package of the npm registry, name@version, that goes to /opt/NAME/node_modules with all it needs. */
    npm: Type.Optional(Type.String({ pattern: "^[a-z0-9-]+@[0-9.]+$" })),
    /** Script beside the recipe, run in the layer after everything else. */
    script: Type.Union([Type.Null(), scriptName]),
    /** Further scripts that it calls, found in its own folder. */
    uses: Type.Optional(Type.Array(scriptName)),
  },
  { ...strict, title: "RecipeFile" },
);

/** What a layer is made of. */
export interface Recipe extends Readonly<Static<typeof RecipeFile>> {
  readonly name: string;
  /** Folder of the recipe and its script. */
  readonly folder: string;
}

/** A recipe on what lies below it. The same recipe on another layer is another layer. */
export interface Step {
  readonly recipe: Recipe;
  /** sha256, hex, 16 characters, of all that decides its content. */
  readonly key: string;
}

const recipes = join(equipment, "layers");

/**
 * Reads a recipe.
 * @throws InputError with file, line and column, or with the names there are.
 */
export function loadRecipe(name: string, folder = recipes): Recipe {
  const known = namesIn(folder, "files")
    .filter((each) => each.endsWith(".yaml"))
    .map((each) => each.slice(0, -".yaml".length));
  if (!known.includes(name)) throw new InputError(`there is no layer "${name}"`, { hint: hintFor(name, known) });
  const path = join(folder, `${name}.yaml`);
  const { value, placeOf } = readDocument(readText(path), path, RecipeFile);
  if ((value.parent === null) !== (value.suite !== undefined)) {
    throw new InputError("a layer has either a parent or a suite", { place: placeOf(["parent"]) });
  }
  return { name, folder, ...value };
}

/**
 * Puts layers and all their parents on top of each other, lowest first. Each stands on the whole stack below it, since
 * layers with packages of their own on a common parent would hide each other's package database.
 */
export function stack(names: readonly string[], folder = recipes): readonly Step[] {
  const steps: Step[] = [];
  const add = (name: string) => {
    const recipe = loadRecipe(name, folder);
    if (steps.some((each) => each.recipe.name === name)) return;
    if (recipe.parent !== null) add(recipe.parent);
    steps.push({ recipe, key: keyOf(recipe, steps.at(-1)?.key) });
  };
  for (const name of names) add(name);
  const roots = steps.filter((each) => each.recipe.parent === null).map((each) => each.recipe.name);
  if (roots.length > 1) throw new InputError(`layers ${roots.join(" and ")} cannot stand on each other`);
  return steps;
}

/** Names of the files beside the recipe that its content depends on. */
export function scriptsOf(recipe: Recipe): readonly string[] {
  return recipe.script === null ? [] : [recipe.script, ...(recipe.uses ?? [])];
}

function keyOf(recipe: Recipe, below: string | undefined): string {
  const hash = createHash("sha256").update(below ?? "");
  hash.update(readFileSync(join(recipe.folder, `${recipe.name}.yaml`)));
  for (const name of scriptsOf(recipe)) hash.update(`\0${name}\0`).update(readFileSync(join(recipe.folder, name)));
  if (recipe.node === true) hash.update("\0").update(projectNode().version);
  return shortKey(hash);
}

/** The part of a digest that names a layer. */
export function shortKey(hash: ReturnType<typeof createHash>): string {
  return hash.digest("hex").slice(0, 16);
}
