import type { Witness } from "#expression/evaluate.ts";
import { printable } from "./printable.ts";

/** Fields that name an element beside its address and port, in the order they are written. None of them changes from run to run. */
const naming = [
  "scheme",
  "serverName",
  "host",
  "name",
  "unit",
  "user",
  "connection",
  "mount",
  "version",
  "type",
  "subject",
] as const;

/** What an occurrence is about: the elements that fail, outermost first, or the target as a whole. Stable between runs. */
export function subjectOf(witness: Witness, targetId: string): string {
  const parts = witness.bindings.map(({ element }) => describe(element)).filter((part) => part !== "");
  return parts.length === 0 ? targetId : parts.join(" ");
}

/** One element in words: what tells it from the others of its list. */
export function describe(element: unknown): string {
  if (!isFields(element)) return scalar(element) ?? "";
  if (scalar(element["rule"]) !== undefined) return acceptance(element);
  if (element["connection"] === "") return "defaults";
  const words = [endpoint(element), ...naming.map((name) => scalar(element[name]) ?? ""), listed(element["names"])];
  if (element["port"] === undefined) words.push(listed(element["ports"]));
  const text = words.filter((word) => word !== "").join(" ");
  return text === "" ? (scalar(element["path"]) ?? everything(element)) : text;
}

/** `203.0.113.5 22/tcp`, as far as an element has an address and a port. */
function endpoint(element: Fields): string {
  const address = scalar(element["address"]) ?? scalar(element["hostAddress"]) ?? "";
  const port = scalar(element["port"]) ?? scalar(element["hostPort"]);
  if (port === undefined) return address;
  return `${address} ${port}/${scalar(element["protocol"]) ?? "tcp"}`.trim();
}

/** `ipv6 22-25/tcp from any`: what a packet filter lets in. */
function acceptance(element: Fields): string {
  const text = (name: string) => scalar(element[name]) ?? "?";
  const ports = text("firstPort") === text("lastPort") ? text("firstPort") : `${text("firstPort")}-${text("lastPort")}`;
  return `${text("family")} ${ports}/${text("protocol")} from ${text("source")}`;
}

function everything(element: Fields): string {
  const fields = Object.entries(element).filter(([name]) => name !== "vantage");
  return fields.flatMap(([name, value]) => (scalar(value) === undefined ? [] : [`${name}=${scalar(value)}`])).join(" ");
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : printable(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.flatMap((item) => scalar(item) ?? []).join(",") : "";
}
