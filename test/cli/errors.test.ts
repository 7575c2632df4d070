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
