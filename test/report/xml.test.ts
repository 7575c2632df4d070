import { expect, test } from "vitest";
import { element, xmlDocument } from "#report/xml.ts";

test.each([
  ["a\u0000b\u001b[31m\ufffe\ud800", "a\\u{0}b\\u{1b}[31m\\u{fffe}\\u{d800}"],
  ["]]><b a=\"1\" c='2'>&amp;", "]]&gt;&lt;b a=&quot;1&quot; c=&apos;2&apos;&gt;&amp;amp;"],
  ["two\nlines", "two\nlines"],
])("%j stays text in an element and in an attribute", (text, written) => {
  const document = xmlDocument(element("a", { b: text }, text));
  expect(document).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n<a b="${written}">${written}</a>\n`);
});
