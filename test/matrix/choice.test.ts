import { expect, test, vi } from "vitest";
import { inLanes, newGate } from "../lab/matrix/lanes.ts";
import { parseOptions, partsOf } from "../lab/matrix/options.ts";
import { choose } from "../lab/matrix/select.ts";

const list = [
  { id: "a", profile: "hardened", ci: true },
  { id: "b", profile: "hardened" },
  { id: "c", profile: "docker", ci: true },
];
const options = (...args: readonly string[]) => parseOptions(args);

test("the choice is the spread, all, a profile's, or the named ones", () => {
  const chosen = (...args: readonly string[]) => {
    const given = options(...args);
    return choose(list, given.fault, given).map(({ id }) => id);
  };
  expect(chosen()).toEqual(["a", "c"]);
  expect(chosen("--all")).toEqual(["a", "b", "c"]);
  expect(chosen("--profile", "hardened")).toEqual(["a", "b"]);
  expect(chosen("--fault", "c", "b")).toEqual(["b", "c"]);
  expect(() => chosen("--fault", "bb")).toThrow('nothing is called "bb"');
});

test("what is asked for decides which parts are run", () => {
  expect(partsOf(options())).toEqual(["tests", "profiles", "faults", "blindness"]);
  expect(partsOf(options("--profile", "hardened"))).toEqual(["profiles", "faults", "blindness"]);
  expect(partsOf(options("--fault", "a"))).toEqual(["faults"]);
  expect(partsOf(options("--way", "x", "--fault", "a"))).toEqual(["faults", "blindness"]);
  expect(partsOf(options("--only", "blindness", "tests"))).toEqual(["tests", "blindness"]);
  expect(partsOf(options("--only", "images"))).toEqual(["images"]);
});

test("what makes no sense ends the run with what is wrong", () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Error("exit");
  });
  const said = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  for (const args of [["--jobs", "0"], ["--jobs", "two"], ["--only", "nothing"], ["--repeat", "3"], ["stray"]]) {
    expect(() => options(...args)).toThrow("exit");
    expect(exit).toHaveBeenLastCalledWith(1);
  }
  expect(said.mock.calls.map(([text]) => String(text).split("\n")[0])).toHaveLength(5);
  vi.restoreAllMocks();
});

test("lanes do everything once, no more at once than there are lanes, and keep the order", async () => {
  let [running, most] = [0, 0];
  const jobs = Array.from({ length: 20 }, (_, index) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return index;
  });
  expect(await inLanes(jobs, 3, new AbortController().signal)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(most).toBe(3);
});

test("nothing is begun after the end was asked for", async () => {
  const end = new AbortController();
  const jobs = [1, 2, 3, 4].map((number) => async () => {
    if (number === 2) end.abort();
    return number;
  });
  expect(await inLanes(jobs, 1, end.signal)).toEqual([1, 2, undefined, undefined]);
});

test("a gate lets one through at a time, in order, and goes on after a failure", async () => {
  const gate = newGate();
  const seen: string[] = [];
  const pass = (name: string) =>
    gate(async () => {
      seen.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} out`);
      if (name === "b") throw new Error("b failed");
      return name;
    });
  expect(await Promise.allSettled([pass("a"), pass("b"), pass("c")])).toMatchObject([
    { value: "a" },
    { reason: { message: "b failed" } },
    { value: "c" },
  ]);
  expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});
