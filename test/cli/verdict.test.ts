import { expect, test } from "vitest";
import { worstExitCode } from "#cli/verdict.ts";

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 2], 2],
  [[2, 1, 0], 1],
  [[1, 3], 3],
  [[3, 64], 64],
  [[64, 70], 70],
])("the worst of %j is %i", (codes, worst) => {
  expect(worstExitCode(codes)).toBe(worst);
});
