import type { TSchema } from "typebox";
import { Stated } from "#evidence/attested.ts";
import { type EvidenceKind, evidenceKinds } from "#evidence/registry.ts";
import { HeldAdvisory } from "#model/advisory.ts";
import { Policy } from "#model/policy.ts";
import { HeldAlgorithm } from "#model/ssh-algorithms.ts";
import { Target } from "#model/target.ts";
import { VantageRole } from "#model/vantage.ts";

/** Type of a value in an expression. `values` are the only strings there can be. */
export type ValueType =
  | { readonly kind: "bool" }
  | { readonly kind: "int" }
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "list"; readonly element: ValueType }
  | RecordType;

/** Type of a value with named fields. */
export interface RecordType {
  readonly kind: "record";
  readonly fields: ReadonlyMap<string, ValueType>;
}

export const boolType: ValueType = { kind: "bool" };
export const intType: ValueType = { kind: "int" };
export const stringType: ValueType = { kind: "string" };

/** The keywords of JSON Schema that the schemas of evidence, target and policy are made of. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Type of the values a schema describes, without the mark for the unknown. Throws on a schema no expression could read. */
export function typeOf(schema: JsonSchema): ValueType {
  if (schema.anyOf !== undefined) return typeOfUnion(schema.anyOf);
  if (schema.enum !== undefined) {
    return { kind: "string", values: schema.enum.filter((value) => typeof value === "string") };
  }
  switch (schema.type) {
    case "boolean":
      return boolType;
    case "integer":
      return intType;
    case "string":
      return stringType;
    case "array":
      return { kind: "list", element: typeOf(schema.items ?? {}) };
    case "object":
      return recordOf(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, typeOf(field)]));
    default:
      throw new Error(`no type of expressions for the schema ${JSON.stringify(schema)}`);
  }
}

function typeOfUnion(members: readonly JsonSchema[]): ValueType {
  const known = members.filter((member) => member.properties === undefined || !("$unknown" in member.properties));
  const [only, ...others] = known;
  if (only === undefined || others.length > 0) throw new Error("a union other than with the unknown has no type");
  return typeOf(only);
}

function recordOf(fields: Iterable<readonly [string, ValueType]>): RecordType {
  return { kind: "record", fields: new Map(fields) };
}

// typebox's schemas are JSON Schema; its TSchema says only that they are objects.
function typeOfSchema(schema: TSchema): ValueType {
  return typeOf(schema as JsonSchema);
}

function fieldsOf(schema: TSchema, without: readonly string[] = []): [string, ValueType][] {
  const type = typeOfSchema(schema);
  if (type.kind !== "record") throw new Error("expected the schema of a record");
  return [...type.fields].filter(([name]) => !without.includes(name));
}

/** Fields that the engine puts to what was seen of a server, by kind. */
const joinedToServers: ReadonlyMap<string, readonly (readonly [string, ValueType])[]> = new Map([
  ["ssh", [["algorithms", { kind: "list", element: typeOfSchema(HeldAlgorithm) }]]],
]);

function networkKind(kind: EvidenceKind): ValueType {
  const type = typeOfSchema(kind.schema);
  if (type.kind !== "list" || type.element.kind !== "record") throw new Error(`${kind.id} is not a list of records`);
  const more = joinedToServers.get(kind.id) ?? [];
  return { kind: "list", element: recordOf([...type.element.fields, ["vantage", typeOfSchema(VantageRole)], ...more]) };
}

/** Fields that the engine puts to what was read, by kind. */
const joined: ReadonlyMap<string, readonly (readonly [string, ValueType])[]> = new Map([
  [
    "openclaw",
    [
      ["advisories", { kind: "list", element: typeOfSchema(HeldAdvisory) }],
      ["advisoriesAsOf", { kind: "string" }],
    ],
  ],
]);

function hostKind(kind: EvidenceKind): ValueType {
  if (kind.shape === "list") return typeOfSchema(kind.schema);
  return recordOf([...fieldsOf(kind.schema), ["present", boolType], ...(joined.get(kind.id) ?? [])]);
}

function makeRoots(): RecordType {
  const kinds: readonly EvidenceKind[] = Object.values(evidenceKinds);
  const network = recordOf(
    kinds.filter((kind) => kind.place === "network").map((kind) => [kind.id, networkKind(kind)]),
  );
  const host = recordOf(kinds.filter((kind) => kind.place === "host").map((kind) => [kind.id, hostKind(kind)]));
  const attested = recordOf(
    kinds.filter((kind) => kind.place === "attested").map((kind) => [kind.id, typeOfSchema(Stated)]),
  );
  return recordOf([
    ["outside", network],
    ["allowed", network],
    ["network", network],
    ["host", host],
    ["attested", attested],
    ["target", recordOf(fieldsOf(Target, ["ssh"]))],
    ["policy", recordOf(fieldsOf(Policy))],
  ]);
}

/** What expressions see: the roots of docs/architecture.md, as fields of one record. */
export const roots: RecordType = makeRoots();

/** A type in words, as messages name it. */
export function nameOf(type: ValueType): string {
  switch (type.kind) {
    case "list":
      return `list of ${nameOf(type.element)}`;
    case "record":
      return "record";
    case "bool":
    case "int":
    case "string":
      return type.kind;
  }
}
