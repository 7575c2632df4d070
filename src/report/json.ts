import { Report } from "#model/report.ts";

/**
 * The report as JSON: keys in the schema's order, records' keys sorted, two spaces, a line feed at the end. The same report gives the
 * same bytes. What would steer a terminal or the direction of text is escaped, so the file can be looked at with any tool.
 */
export function renderJson(report: Report): string {
  return printableJson(inOrder(report, Report));
}

/** A value as JSON that any tool can show: two spaces, a line feed at the end, everything but plain text escaped. */
export function printableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(steering, escaped)}\n`;
}

// Everything that is not plain text; none of it stands outside of strings in JSON, but for the line feed.
const steering = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

function escaped(character: string): string {
  let result = "";
  for (let index = 0; index < character.length; index += 1) {
    result += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return result;
}

/** Puts keys in the order of a JSON Schema: `properties`, then the others by name. */
function inOrder(value: unknown, shape: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, part(shape, "items")));
  if (typeof value !== "object" || value === null) return value;
  const properties = propertiesOf(shape);
  const fields = new Map<string, unknown>(Object.entries(value));
  const named = Object.keys(properties).filter((key) => fields.has(key));
  const others = [...fields.keys()].filter((key) => !Object.hasOwn(properties, key)).toSorted();
  return Object.fromEntries([...named, ...others].map((key) => [key, inOrder(fields.get(key), part(properties, key))]));
}

/** Properties of an object's schema, or of the object in a union with null. */
function propertiesOf(shape: unknown): object {
  const union = part(shape, "anyOf");
  const shapes: readonly unknown[] = Array.isArray(union) ? union : [shape];
  const found = shapes.map((one) => part(one, "properties")).find((one) => typeof one === "object");
  return typeof found === "object" && found !== null ? found : {};
}

function part(shape: unknown, key: string): unknown {
  return typeof shape === "object" && shape !== null && Object.hasOwn(shape, key) ? Reflect.get(shape, key) : undefined;
}
