/** Less is known: this stands in the place of what was seen. */
const mark = { $unknown: "could not be seen" };

/**
 * Every way in which less is known than a value says, one at a time: each part taken out or marked unknown, each element of a list
 * made unknown, and each list opened at its end.
 */
export function* weakenings(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield [...value, {}];
    yield [...value, mark];
    yield [{}, ...value];
    for (const [index, item] of value.entries()) {
      yield value.with(index, {});
      yield value.with(index, mark);
      for (const weaker of weakenings(item)) yield value.with(index, weaker);
    }
    return;
  }
  if (typeof value !== "object" || value === null || "$unknown" in value) return;
  for (const [name, field] of Object.entries(value)) {
    const { [name]: _removed, ...rest } = value as Record<string, unknown>;
    yield rest;
    yield { ...value, [name]: mark };
    for (const weaker of weakenings(field)) yield { ...value, [name]: weaker };
  }
}
