import { inAnyCidr, inCidr } from "./cidr.ts";
import type { FunctionName } from "./node.ts";
import { error, join, type Known, known, type Result, TRUE } from "./result.ts";

/**
 * Calls a function of expressions. A list among the arguments is known with a result for each element; `paths` is where the arguments
 * stand, the gaps where they make no sense.
 */
export function callFunction(name: FunctionName, args: readonly Result[], paths: readonly string[]): Result {
  const [first, second] = args;
  if (first === undefined || second === undefined) throw new Error(`${name}() was checked to have two arguments`);
  if (first.is !== "known") return second.is === "known" ? first : join(first, second);
  if (second.is !== "known") return second;
  if (typeof first.value !== "string") throw new Error(`${name}() was checked to take a string`);
  if (name === "inAnyCidr") return inAny(first.value, second, paths);
  if (typeof second.value !== "string") throw new Error(`${name}() was checked to take a string`);
  return ofStrings(name, [first.value, second.value], paths);
}

function ofStrings(
  name: Exclude<FunctionName, "inAnyCidr">,
  [first, second]: readonly [string, string],
  paths: readonly string[],
): Result {
  switch (name) {
    case "inCidr":
      return decided(inCidr(first, second), paths);
    case "startsWith":
      return known(first.startsWith(second));
    case "endsWith":
      return known(first.endsWith(second));
    case "contains":
      return known(first.includes(second));
  }
}

function inAny(address: string, list: Known, paths: readonly string[]): Result {
  if (!Array.isArray(list.value)) throw new Error("inAnyCidr() was checked to take a list");
  // callFunction is handed a result for each element of a list.
  const members = list.value as readonly Result[];
  const ranges: string[] = [];
  let spoilt: Result | undefined;
  for (const member of members) {
    if (member.is !== "known") spoilt = spoilt === undefined ? member : join(spoilt, member);
    else if (typeof member.value === "string") ranges.push(member.value);
    else return error("a range is not a string");
  }
  const found = decided(inAnyCidr(address, ranges), paths);
  return spoilt === undefined || found === TRUE ? found : spoilt;
}

function decided(found: boolean | undefined, paths: readonly string[]): Result {
  return found === undefined ? { is: "unknown", gaps: paths } : known(found);
}
