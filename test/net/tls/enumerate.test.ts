import fc from "fast-check";
import { expect, test } from "vitest";
import { type Choice, enumerate, foundIn } from "#net/tls/enumerate.ts";
import { inOrder } from "#net/tls/order.ts";

const all = Array.from({ length: 300 }, (_, code) => code);

/** A server that takes the first of its own list that is offered. */
function server(preferred: readonly number[]) {
  let asked = 0;
  const choose = async (codes: readonly number[]): Promise<Choice<undefined>> => {
    asked += 1;
    const code = preferred.find((one) => codes.includes(one));
    return code === undefined ? { kind: "none", version: false } : { kind: "chose", code, detail: undefined };
  };
  return { choose, asked: () => asked };
}

const preferences = fc.shuffledSubarray(all, { maxLength: 90 });

test("everything that is accepted is found, in the server's order, whatever that is", async () => {
  await fc.assert(
    fc.asyncProperty(preferences, fc.integer({ min: 0, max: 3 }), async (preferred, room) => {
      const { choose, asked } = server(preferred);
      const options = {
        most: 110,
        longList: 4,
        free: () => room,
        clientOrder: (codes: readonly number[]) => codes.toReversed(),
      };
      const { run, gaps } = await enumerate(all, { ...options, offer: choose });
      const found = foundIn(run).map(({ code }) => code);
      expect(gaps).toEqual([]);
      expect(found.toSorted()).toEqual(preferred.toSorted());
      const enumerated = asked();
      expect(enumerated).toBeLessThanOrEqual(2 * preferred.length + 3);
      const sorted = await inOrder(run, async (one, other) => {
        const choice = await choose([one, other]);
        return choice.kind === "chose" ? choice.code : undefined;
      });
      expect(sorted?.map(({ code }) => code)).toEqual(preferred);
    }),
    { numRuns: 200 },
  );
});

test("where the server's order is the usual one, putting together takes a question for each seam", async () => {
  const preferred = all.filter((code) => code % 3 === 0);
  const { choose, asked } = server(preferred);
  const { run } = await enumerate(all, {
    most: 110,
    longList: 4,
    free: () => 8,
    clientOrder: (codes) => codes.toReversed(),
    offer: choose,
  });
  const enumerated = asked();
  let seams = 0;
  await inOrder(run, async (one, other) => {
    seams += 1;
    return Math.min(one, other);
  });
  expect(seams).toBeLessThanOrEqual(enumerated - preferred.length);
});

test("a version that is refused as such is asked once", async () => {
  let asked = 0;
  const offer = async (): Promise<Choice<undefined>> => {
    asked += 1;
    return { kind: "none", version: true };
  };
  const seen = await enumerate(all, { most: 110, longList: 4, free: () => 8, clientOrder: (codes) => codes, offer });
  expect([foundIn(seen.run), seen.gaps, asked]).toEqual([[], [], 1]);
});

test("what could not be asked leaves a gap, and a comparison that fails leaves no order", async () => {
  const { choose } = server([5, 250]);
  const offer = async (codes: readonly number[]): Promise<Choice<undefined>> =>
    codes.includes(120) ? { kind: "unknown", why: "no answer" } : choose(codes);
  const seen = await enumerate(all, { most: 100, longList: 4, free: () => 0, clientOrder: (codes) => codes, offer });
  expect(foundIn(seen.run).map(({ code }) => code)).toEqual([5, 250]);
  expect(seen.gaps).toEqual(["no answer"]);
  expect(await inOrder(seen.run, async () => undefined)).toBeUndefined();
});

test("a choice against the client's order shows that the server has its own", async () => {
  const options = { most: 300, longList: 4, free: () => 0, clientOrder: (codes: readonly number[]) => codes };
  const own = await enumerate(all, { ...options, offer: server([9, 3, 7]).choose });
  expect(own.ownOrder).toBe(true);
  const same = await enumerate(all, { ...options, offer: server([3, 7, 9]).choose });
  expect(same.ownOrder).toBe(false);
});
