import { visible } from "./visible.ts";

/** An element of XML: its attributes in order, and what it holds. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Element | string)[];
}

/** An element. Names and attributes' names are our own words, values may be anyone's. */
export function element(
  name: string,
  attributes: Element["attributes"],
  ...children: readonly (Element | string)[]
): Element {
  return { name, attributes, children };
}

/** A whole document (XML 1.0), indented by two blanks; the text of an element that holds text stays as it is. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, "")}`;
}

function written({ name, attributes, children }: Element, indent: string): string {
  const open = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join("")}`;
  const [first] = children;
  if (first === undefined) return `${open}/>\n`;
  if (typeof first === "string") return `${open}>${escaped(children.join(""))}</${name}>\n`;
  const inner = children.map((child) => (typeof child === "string" ? "" : written(child, `${indent}  `))).join("");
  return `${open}>\n${inner}${indent}</${name}>\n`;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** Text without what XML 1.0 cannot hold (section 2.2) and without what would end it; line feeds stay. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
