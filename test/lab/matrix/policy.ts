/** A map as it stands in YAML. */
type Fields = Readonly<Record<string, unknown>>;

/** Fills in `${name}` and the like; what is not known stays as it is. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)\}/gu, (all, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? all) : all,
  );
}

/**
 * A configuration with some of its fields changed: maps are merged, anything else is replaced, null takes a field away, and a key that ends
 * in + adds to the list of that name.
 */
export function changed(base: unknown, changes: Fields): Fields {
  const result: Record<string, unknown> = isFields(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(changes)) {
    if (key.endsWith("+")) {
      const name = key.slice(0, -1);
      result[name] = [result[name] ?? [], value].flat();
    } else if (value === null) {
      delete result[key];
    } else {
      result[key] = isFields(value) ? changed(result[key], value) : value;
    }
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
