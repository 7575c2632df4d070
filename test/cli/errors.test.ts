import { expect, test } from "vitest";
import { explainError } from "#cli/errors.ts";
import { InputError, UnusableError } from "#model/input-error.ts";

test("what the operator got wrong is told with its place and what to do", () => {
  const error = new InputError("unknown field hots", {
    place: { file: "sekisho.yaml", line: 3, column: 5 },
    hint: "Did you mean host?",
  });
  expect(explainError(error)).toEqual({
    text: "sekisho: sekisho.yaml:3:5: unknown field hots\n  Did you mean host?",
    exitCode: 64,
  });
});

test("a target that cannot be used ends with 3, a fault of ours with 70 and its trace", () => {
  expect(explainError(new UnusableError("no such host")).exitCode).toBe(3);
  const bug = explainError(new TypeError("x is not a function"));
  expect(bug.exitCode).toBe(70);
  expect(bug.text).toContain("errors.test.ts");
});

test("nothing that a file holds steers the terminal", () => {
  const { text } = explainError(new InputError("kind \u001b]0;x\u0007 \u202e", { hint: "a\u009b31m" }));
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
