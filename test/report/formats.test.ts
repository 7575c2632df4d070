import { describe, expect, test } from "vitest";
import { formatIds, formats } from "#report/registry.ts";
import { hostile } from "./hostile.ts";
import { bytesOf, hidden, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";

const samples = { blocked, undecided, passed, hostile };
const locales = ["ja", "en"] as const;

describe.each(formatIds)("%s", (format) => {
  test.each(Object.entries(samples))("of %s comes out the same every time", async (_, report) => {
    for (const locale of locales) {
      const first = await bytesOf(report, format, locale);
      const second = await bytesOf(structuredClone(report), format, locale);
      expect(first.equals(second)).toBe(true);
    }
  });

  test("does not depend on the time zone of the machine", async () => {
    const before = process.env["TZ"];
    const inZone = async (zone: string) => {
      process.env["TZ"] = zone;
      return bytesOf(blocked, format);
    };
    try {
      expect((await inZone("Pacific/Kiritimati")).equals(await inZone("America/St_Johns"))).toBe(true);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  test("says the verdict's own subject in both languages", async () => {
    if (format === "json" || format === "html") return;
    const [japanese, english] = [await bytesOf(blocked, format, "ja"), await bytesOf(blocked, format, "en")];
    expect(japanese.equals(english)).toBe(false);
  });
});

test.each(formatIds.filter((id) => id !== "xlsx" && id !== "html"))(
  "%s shows no character that hides or steers, whatever the report holds",
  async (format) => {
    for (const locale of locales) {
      const text = (await textOf(hostile, format, locale)).replace(/^\ufeff/, "");
      expect(hidden.exec(text)).toBeNull();
    }
  },
);

test("each format has an id and a file of its own", () => {
  expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  expect(new Set(formats.map(({ file }) => file)).size).toBe(formats.length);
});
