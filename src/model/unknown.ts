import Type, { type Static, type TSchema } from "typebox";

/**
 * Stands wherever a value could not be observed: in place of a field, or as an element of a list whose end was not seen.
 * The text says why, for a person. A rule that reads it becomes unknown; it can never be taken for an answer.
 */
export const Unknown = Type.Object(
  { $unknown: Type.String({ minLength: 1 }) },
  { additionalProperties: false, title: "Unknown" },
);
export type Unknown = Readonly<Static<typeof Unknown>>;

/** A value, or the reason why it is not known. */
export type Maybe<T> = T | Unknown;

/** Schema of a value that may be unknown. */
export function maybe<T extends TSchema>(schema: T) {
  return Type.Union([schema, Unknown]);
}

/** Schema of a list that may be open: an unknown element says that there may be more than what stands here. */
export function listOf<T extends TSchema>(item: T) {
  return Type.Array(Type.Union([item, Unknown]));
}

/** Makes the mark for a value that could not be observed. `why` must not be empty. */
export function unknown(why: string): Unknown {
  return { $unknown: why };
}

/** Tells the mark from a value. */
export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "$unknown" in value;
}

/** The elements of a possibly open list that were really seen. */
export function seen<T>(list: readonly T[]): Exclude<T, Unknown>[] {
  return list.filter((item): item is Exclude<T, Unknown> => !isUnknown(item));
}
