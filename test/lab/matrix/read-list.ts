import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import type { Static, TSchema } from "typebox";
import { parseYamlDocument, type YamlDocument } from "#catalog/yaml-document.ts";
import { InputError, type Place } from "#model/input-error.ts";

/** One entry of a list in YAML, with the place it stands at. */
export interface Listed<T> {
  readonly value: T;
  /** Where the value at a path inside the entry stands. */
  placeOf(path: readonly (string | number)[]): Place;
}

/**
 * Reads every `*.yaml` of a folder, each a list of entries with an `id`. A file that holds nothing is an empty list.
 * @throws InputError that names file, line and the entry's id for what is not of the schema and for an id that stands twice.
 */
export function readLists<T extends TSchema>(folder: string, schema: T): readonly Listed<Static<T>>[] {
  const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);
  const check = (value: unknown): readonly ErrorObject[] => (validate(value) ? [] : (validate.errors ?? []));
  const entries = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .flatMap((name) => entriesOf(join(folder, name), check));
  const files = new Map<string, string>();
  for (const { value, placeOf } of entries) {
    const id = idOf(value);
    const other = files.get(id);
    const place = placeOf(["id"]);
    if (other !== undefined) throw new InputError(`${id}: the id also stands in ${other}`, { place });
    files.set(id, `${place.file}:${place.line}`);
  }
  // Each entry has been checked against the schema.
  return entries as readonly Listed<Static<T>>[];
}

function entriesOf(file: string, check: (value: unknown) => readonly ErrorObject[]): readonly Listed<unknown>[] {
  const document = parseYamlDocument(readFileSync(file, "utf8"), file);
  const list = document.value ?? [];
  if (!Array.isArray(list)) throw new InputError("is not a list", { place: { file } });
  return list.map((value: unknown, index) => {
    const [problem] = check(value).map((error) => problemOf(document, [index, value], error));
    if (problem !== undefined) throw problem;
    return { value, placeOf: (path) => document.placeOf([index, ...path]) };
  });
}

function problemOf(document: YamlDocument, [index, value]: readonly [number, unknown], error: ErrorObject): InputError {
  const path = error.instancePath.split("/").slice(1);
  const field = error.params["additionalProperty"] ?? error.params["missingProperty"];
  const named = [...path, ...(typeof field === "string" ? [field] : [])].join(".");
  const who = idOf(value) || `entry ${index + 1}`;
  const message = `${who}: ${named}${named === "" ? "" : " "}${error.message ?? "is not as expected"}`;
  return new InputError(message, { place: document.placeOf([index, ...path]) });
}

function idOf(value: unknown): string {
  const id = typeof value === "object" && value !== null ? Reflect.get(value, "id") : undefined;
  return typeof id === "string" ? id : "";
}
