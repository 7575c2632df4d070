import { isUnknown } from "#model/unknown.ts";
import { nameOf, type ValueType } from "./types.ts";

/** A value that is known: a scalar, or the elements of a list or a record as they stand in the facts. */
export interface Known {
  readonly is: "known";
  readonly value: boolean | bigint | string | readonly unknown[] | object;
}

/** What came of evaluating a part of an expression. */
export type Result =
  | Known
  | { readonly is: "unknown"; readonly gaps: readonly string[] }
  | { readonly is: "error"; readonly message: string };

export const TRUE: Known = { is: "known", value: true };
export const FALSE: Known = { is: "known", value: false };

/** A known value. */
export function known(value: Known["value"]): Known {
  if (value === true) return TRUE;
  return value === false ? FALSE : { is: "known", value };
}

/** Not known, because nothing stands at `path`. */
export function unknown(path: string | undefined): Result {
  return { is: "unknown", gaps: path === undefined ? [] : [path] };
}

/** Facts that are not what their schema says, or an overflow. */
export function error(message: string): Exclude<Result, Known> {
  return { is: "error", message };
}

/** Two operands neither of which is known, as one: an error outweighs, gaps are put together. */
export function join(left: Result, right: Result): Result {
  if (left.is === "error") return left;
  if (right.is === "error") return right;
  if (left.is === "known" || right.is === "known") return left.is === "known" ? right : left;
  const further = right.gaps.filter((gap) => !left.gaps.includes(gap));
  return further.length === 0 ? left : { is: "unknown", gaps: [...left.gaps, ...further] };
}

/** Whether an element of a list only says that there may be more: one without any field, or the mark for the unknown. */
export function isOpenEnd(element: unknown): boolean {
  if (!isRecord(element)) return false;
  for (const name in element) return name === "$unknown";
  return true;
}

/** Whether a value of the facts is a record. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field as it stands in a record of the facts; undefined when the record or the field is not there. */
export function raw(owner: unknown, name: string): unknown {
  return isRecord(owner) && Object.hasOwn(owner, name) ? owner[name] : undefined;
}

/** The value of a raw fact, checked against its type. */
export function read(value: unknown, { type, path }: { type: ValueType; path?: string | undefined }): Result {
  if (value === undefined || isUnknown(value)) return unknown(path);
  if (type.kind === "int" && typeof value === "number" && Number.isSafeInteger(value)) return known(BigInt(value));
  return isOfType(value, type) ? known(value) : error(`${path ?? "the value"} is not a ${nameOf(type)}`);
}

function isOfType(value: unknown, type: ValueType): value is Known["value"] {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "string":
      return typeof value === "string";
    case "list":
      return Array.isArray(value);
    case "record":
      return isRecord(value);
  }
}
