import Type from "typebox";
import { describe, expect, test } from "vitest";
import { departures } from "#audit/check-schema.ts";
import { withLaterFields } from "#audit/later-fields.ts";
import { evidenceKinds } from "#evidence/registry.ts";
import { isUnknown, listOf, maybe } from "#model/unknown.ts";

const schema = Type.Object({
  name: Type.String(),
  size: maybe(Type.Integer()),
  more: Type.Optional(maybe(Type.Integer())),
  ports: listOf(Type.Object({ port: Type.Integer(), reason: maybe(Type.String()), scope: Type.String() })),
  inner: Type.Object({ on: maybe(Type.Boolean()) }),
});
const port = { port: 22, reason: "SSH", scope: "all" };
const whole = { name: "a", size: 3, ports: [port], inner: { on: true } };

function filled(value: unknown): Record<string, unknown> {
  return withLaterFields(schema, value) as Record<string, unknown>;
}

describe("evidence of an earlier version", () => {
  test("is left as it is where nothing is missing", () => {
    expect(filled(whole)).toEqual(whole);
    expect(filled({ ...whole, size: { $unknown: "w" } })).toEqual({ ...whole, size: { $unknown: "w" } });
  });

  test("does not know the fields it lacks, at any depth", () => {
    const { size: _size, ...rest } = whole;
    const got = filled({ ...rest, inner: {}, ports: [{ port: 22, scope: "all" }] });
    expect(isUnknown(got["size"])).toBe(true);
    expect(got).toMatchObject({ inner: { on: { $unknown: expect.stringMatching(/version/) } } });
    expect(got["ports"]).toMatchObject([{ port: 22, reason: { $unknown: expect.any(String) } }]);
    expect(departures(schema, got)).toEqual([]);
  });

  test("has an open list where it has none, and in place of an element that is not whole", () => {
    const { ports: _ports, ...rest } = whole;
    expect(filled(rest)["ports"]).toMatchObject([{ $unknown: expect.any(String) }]);
    expect(filled({ ...whole, ports: [port, { port: 23 }] })["ports"]).toMatchObject([
      port,
      { $unknown: expect.any(String) },
    ]);
  });

  test("keeps what cannot be left open missing, what is optional left out, and what is wrong wrong", () => {
    const { name: _name, ...rest } = whole;
    expect(departures(schema, filled(rest))).not.toEqual([]);
    expect("more" in filled(whole)).toBe(false);
    expect(departures(schema, filled({ ...whole, size: "3" }))).not.toEqual([]);
  });
});

test.each(Object.values(evidenceKinds).map(({ id, schema: each }) => [id, each] as const))(
  "%s: whatever a version before did not record is unknown, or the value is refused",
  (_id, each) => {
    const value = withLaterFields(each, Array.isArray(each) ? [] : {});
    const wrong = departures(each, value);
    for (const field of Object.values(value as object)) {
      const open = Array.isArray(field) ? field.every(isUnknown) : isUnknown(field);
      expect(open || wrong.length > 0).toBe(true);
    }
  },
);
