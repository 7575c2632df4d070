import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseYamlDocument } from "#catalog/yaml-document.ts";
import { formatPlace, InputError } from "#model/input-error.ts";

describe("parseYamlDocument", () => {
  it("knows where values and keys stand", () => {
    const document = parseYamlDocument("a:\n  - x\n  - b:\n      c: 1\n", "f.yaml");
    expect(document.value).toEqual({ a: ["x", { b: { c: 1 } }] });
    expect(document.placeOf(["a", 1, "b", "c"])).toEqual({ file: "f.yaml", line: 4, column: 10 });
    expect(document.placeOfKey(["a", 1, "b"])).toEqual({ file: "f.yaml", line: 3, column: 5 });
  });

  it("answers with the nearest place for what is not there", () => {
    const document = parseYamlDocument("a:\n  b: 1\n", "f.yaml");
    expect(document.placeOf(["a", "c", "d"])).toEqual({ file: "f.yaml", line: 2, column: 3 });
    expect(parseYamlDocument("", "f.yaml").placeOf(["a"])).toEqual({ file: "f.yaml", line: 1, column: 1 });
  });

  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]", ..."bcdefghi"].map((line, index, all) => {
    if (index === 0) return line;
    const before = index === 1 ? "a" : all[index - 1];
    return `${line}: &${line} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`;
  });

  it.each([
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1", /stands twice/],
    ["a key that is no text", "a:\n  ? [1]\n  : 2\n", "f.yaml:2:5", /scalar|string/i],
    ["an unclosed list", "a: [1, 2\n", "f.yaml:", /\]/],
    ["a tab as indentation", "a:\n\tb: 1\n", "f.yaml:2:1", /tab/i],
    ["two documents", "a: 1\n---\nb: 2\n", "f.yaml:2:1", /more than one document/],
    ["a tag of its own", "a: !!js/function x\n", "f.yaml:1:4", /tag/i],
    ["an alias without anchor", "a: *b\n", "f.yaml:1:4", /alias/],
    ["an alias that contains itself", "a: &a [*a]\n", "f.yaml:1:8", /alias/],
    ["aliases that multiply", `${bomb.join("\n")}\n`, "f.yaml", /alias/],
    ["lists nested too deep", `a: ${"[".repeat(5000)}`, "f.yaml", /nested deeper/],
    [
      "block maps nested too deep",
      Array.from({ length: 100 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "f.yaml:6",
      /nested deeper/,
    ],
    ["a block sequence nested on one line", `${"- ".repeat(20_000)}a`, "f.yaml", /nested deeper/],
    ["a file that is too long", "#".repeat(1_000_001), "f.yaml", /longer/],
  ])("refuses %s", (_what, text, place, message) => {
    const error = errorOf(() => parseYamlDocument(text, "f.yaml"));
    expect(formatPlace(error.place ?? { file: "" })).toContain(place);
    expect(error.message).toMatch(message);
  });

  it("keeps YAML 1.1 out: no merge keys, no dates, no sexagesimal numbers", () => {
    const { value } = parseYamlDocument(
      '%YAML 1.1\n---\n"<<": { a: 1 }\nday: 2026-11-22\nyes: yes\nclock: 12:30\n',
      "f.yaml",
    );
    expect(value).toEqual({ "<<": { a: 1 }, day: "2026-11-22", yes: "yes", clock: "12:30" });
  });

  it("does not let a document reach a prototype", () => {
    const { value } = parseYamlDocument("__proto__: { polluted: true }\n", "f.yaml");
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
  });

  it("is total: any text is a value or an InputError with a place in the text", () => {
    const pieces = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "|",
      ">",
      "'",
      '"',
      "\\",
      "!",
      "%",
      "#",
      "\t",
      "?",
      "---",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (source) => {
        const lines = source.split(/\r\n|\r|\n/).length;
        try {
          const document = parseYamlDocument(source, "f.yaml");
          expect(document.placeOf(["a", 0]).line).toBeLessThanOrEqual(lines + 1);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).place?.file).toBe("f.yaml");
          expect((error as InputError).place?.line ?? 1).toBeLessThanOrEqual(lines + 1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("placeInText", () => {
  it.each([
    ["plain", "that: host.cpu.coers > 1\n", 9, "f.yaml:1:16"],
    ["plain over lines", "that: host\n  .cpu\n  .coers\n", 10, "f.yaml:3:3"],
    ["single quotes", "that: 'host.cpu.coers'\n", 9, "f.yaml:1:17"],
    ["single quotes doubled", "that: 'a == ''x'' && b'\n", 12, "f.yaml:1:7"],
    ["double quotes", 'that: "host.cpu.coers"\n', 9, "f.yaml:1:17"],
    ["double quotes with an escape", 'that: "host\\u002Ecpu.coers"\n', 9, "f.yaml:1:7"],
    ["literal", "that: |\n  host\n    .cpu.coers\n", 12, "f.yaml:3:10"],
    ["folded", "that: >- # why\n  host.os.id ==\n  'x' && coers\n", 21, "f.yaml:3:10"],
    ["folded, at a blank", "that: >-\n  a\n\n  b\n", 1, "f.yaml:4:3"],
    ["at the end", "that: abc\n", 3, "f.yaml:1:10"],
    ["beyond the end", "that: abc\n", 99, "f.yaml:1:10"],
    ["a number", "that: 12\n", 1, "f.yaml:1:7"],
  ])("%s", (_what, text, offset, place) => {
    expect(formatPlace(parseYamlDocument(text, "f.yaml").placeInText(["that"], offset))).toBe(place);
  });

  it("finds each character of a folded or literal text again", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "&", "|", "(", "."), minLength: 1, maxLength: 6 });
    const lines = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.constantFrom("|", ">", "|-", ">-"), (words, style) => {
        const body = words.map((line) => `  ${line.join(" ")}`).join("\n");
        const source = `that: ${style}\n${body}\n`;
        const document = parseYamlDocument(source, "f.yaml");
        const { that } = document.value as { that: string };
        const rows = source.split("\n");
        for (const [offset, character] of [...that].entries()) {
          if (/\s/.test(character)) continue;
          const { line = 0, column = 0 } = document.placeInText(["that"], offset);
          expect(rows[line - 1]?.[column - 1]).toBe(character);
        }
      }),
    );
  });
});

function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("expected an InputError");
}
