import { readFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { readDocument } from "#catalog/read-document.ts";

const Known = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: "^[a-z0-9-]+(\\.[a-z0-9-]+)+$" })),
    ipv4: Type.String({ format: "ipv4" }),
    ipv6: Type.String({ format: "ipv6" }),
    role: Type.Enum(["needed", "forbidden", "provider"]),
    serves: Type.Array(Type.Enum(["api", "slack", "webhook", "page", "storage", "smtp", "dns", "ntp", "echo"])),
  },
  { additionalProperties: false },
);

/** One place of the fake internet; without a name it is reached by address only. */
export type Known = Readonly<Static<typeof Known>>;

const NamesFile = Type.Object({ addresses: Type.Array(Known) }, { additionalProperties: false });

const file = join(import.meta.dirname, "names.yaml");

/**
 * What names.yaml lists, in its order.
 * @throws InputError with file and line when the list is not of its form.
 */
export function knownPlaces(): readonly Known[] {
  return readDocument(readFileSync(file, "utf8"), file, NamesFile).value.addresses;
}

/** A name's addresses; `empty` where only names below it have any; `none` where there is no such name. */
export type Found =
  | { readonly kind: "addresses"; readonly ipv4: string; readonly ipv6: string }
  | { readonly kind: "empty" }
  | { readonly kind: "none" };

/**
 * Looks a name up: first among the known places, then among the lab's hosts, whose records are read anew each time.
 * A host answers as NAME.lab.test and as claw.NAME.lab.test.
 * @param name in lower case, without a dot at its end
 * @param state folder that holds hosts/NAME.json
 * @throws SyntaxError or TypeError when a host's record is there and cannot be understood, for instance half written.
 */
export function find(name: string, places: readonly Known[], state: string): Found {
  const place = places.find((each) => each.name === name);
  if (place !== undefined) return { kind: "addresses", ipv4: place.ipv4, ipv6: place.ipv6 };
  const [, host] = /^(?:claw\.)?([a-z0-9][a-z0-9-]{0,62})\.lab\.test$/.exec(name) ?? [];
  const record = host === undefined ? undefined : hostRecord(join(state, "hosts", `${host}.json`));
  if (record !== undefined) return { kind: "addresses", ...record };
  const isParent = ["", "test", "lab.test"].includes(name) || places.some((each) => each.name?.endsWith(`.${name}`));
  return { kind: isParent ? "empty" : "none" };
}

function hostRecord(path: string): { ipv4: string; ipv6: string } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    // No file, no host.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const record: unknown = JSON.parse(text);
  if (typeof record === "object" && record !== null && "ipv4" in record && "ipv6" in record) {
    const { ipv4, ipv6 } = record;
    if (typeof ipv4 === "string" && isIPv4(ipv4) && typeof ipv6 === "string" && isIPv6(ipv6)) return { ipv4, ipv6 };
  }
  throw new TypeError(`${path} names no IPv4 and IPv6 address`);
}
