import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Static, TSchema } from "typebox";
import { hintFor, nearest } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import { formatPath, type Path, parseYamlDocument, type YamlDocument } from "./yaml-document.ts";

/** A document whose value is of the schema it was read with. */
export interface TypedDocument<T> extends YamlDocument {
  readonly value: T;
}

const validators = new WeakMap<TSchema, ValidateFunction>();

/**
 * Parses YAML text and checks it against a schema.
 * @throws InputError that names file, line, column, what is wrong and, for an unknown field, what was probably meant.
 */
export function readDocument<T extends TSchema>(text: string, file: string, schema: T): TypedDocument<Static<T>> {
  const document = parseYamlDocument(text, file);
  const validate = validatorOf(schema);
  if (!validate(document.value)) throw firstProblem(document, validate.errors ?? []);
  // The validator has just proven it.
  return { ...document, value: document.value as Static<T> };
}

function validatorOf(schema: TSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}

/** Unknown fields come first, since a misspelt field also looks like a missing one; then the order of the file. */
function firstProblem(document: YamlDocument, errors: readonly ErrorObject[]): InputError {
  const problems = errors.map((error) => describe(document, error));
  problems.sort(
    (a, b) =>
      Number(b.unknownField) - Number(a.unknownField) ||
      (a.place.line ?? 0) - (b.place.line ?? 0) ||
      (a.place.column ?? 0) - (b.place.column ?? 0),
  );
  const first = problems[0];
  if (first === undefined) return new InputError("does not have the expected form", { place: { file: document.file } });
  return new InputError(first.message, { place: first.place, hint: first.hint });
}

function describe(document: YamlDocument, error: ErrorObject) {
  const path = pathOf(error.instancePath, document.value);
  const name = path.length === 0 ? "the document" : formatPath(path);
  const at = { place: document.placeOf(path), unknownField: false, hint: undefined };
  switch (error.keyword) {
    case "additionalProperties": {
      const field = String(error.params["additionalProperty"]);
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      return {
        message: `unknown field ${JSON.stringify(field.slice(0, 64))}`,
        place: document.placeOfKey([...path, field]),
        hint: hintFor(field.slice(0, 64), known),
        unknownField: true,
      };
    }
    case "required":
      return { ...at, message: `${name}: field "${String(error.params["missingProperty"])}" is missing` };
    case "enum": {
      const values = (error.params["allowedValues"] as readonly unknown[]).map(String);
      const given = typeof error.data === "string" ? error.data : "";
      const near = nearest(given.slice(0, 64), values);
      const hint = near === undefined ? undefined : `did you mean "${near}"?`;
      return { ...at, message: `${name} must be one of ${values.join(", ")}`, hint };
    }
    case "const":
      return { ...at, message: `${name} must be ${JSON.stringify(error.params["allowedValue"])}` };
    case "format":
      return { ...at, message: `${name} must be ${formatNames[String(error.params["format"])] ?? "of another form"}` };
    case "minLength":
      return { ...at, message: `${name} must not be empty` };
    case "pattern":
      return { ...at, message: `${name} must match ${String(error.params["pattern"])}` };
    default:
      return { ...at, message: `${name} ${error.message ?? "is not as expected"}` };
  }
}

const formatNames: Readonly<Record<string, string>> = {
  date: "a date that exists, YYYY-MM-DD",
  "date-time": "a time, YYYY-MM-DDThh:mm:ssZ",
};

/** A JSON pointer as a path; steps into lists become numbers. */
function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const raw of pointer.split("/").slice(1)) {
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(step) : step);
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  }
  return path;
}
