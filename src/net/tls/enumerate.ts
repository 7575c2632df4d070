/** What a server chose of what was offered. */
export type Choice<T> =
  | { readonly kind: "chose"; readonly code: number; readonly detail: T }
  /** Nothing of it; `version`: nothing of this version at all. */
  | { readonly kind: "none"; readonly version: boolean }
  | { readonly kind: "unknown"; readonly why: string };

/** Something a server chose, and with what. */
export interface Found<T> {
  readonly code: number;
  readonly detail: T;
}

/**
 * What was found in one set of offers: `found` in the order in which the server chose, then, where the rest was divided, what was found in
 * each part. All of `found` was chosen before anything in the parts, nothing is known of one part against another.
 */
export interface Run<T> {
  readonly found: Found<T>[];
  parts: readonly Run<T>[];
}

/** Everything that was found, and why there may be more. */
export interface Enumeration<T> {
  readonly run: Run<T>;
  /** Empty where everything was asked to its end. */
  readonly gaps: readonly string[];
  /** A choice by which the server showed that it does not follow the client's order. */
  readonly ownOrder: boolean;
}

/** How to enumerate. */
export interface EnumerateOptions<T> {
  /** Asks for a choice among codes in the client's order; `likely`: another will probably follow. */
  readonly offer: (codes: readonly number[], likely: boolean) => Promise<Choice<T>>;
  /** The client's order of some codes. */
  readonly clientOrder: (codes: readonly number[]) => readonly number[];
  /** Most codes in one offer. */
  readonly most: number;
  /** So many choices from one offer tell of a long list, of which parts are worth asking side by side. */
  readonly longList: number;
  /** How many more offers could be made at once. */
  readonly free: () => number;
}

/**
 * Finds every code that a server accepts, where an offer shows one: offers all, takes the chosen one out, and again until nothing is chosen.
 * That takes one offer for each code and one for each run; a long list is divided as far as there is room to ask side by side.
 */
export async function enumerate<T>(codes: readonly number[], options: EnumerateOptions<T>): Promise<Enumeration<T>> {
  const gaps: string[] = [];
  const offered: { readonly codes: readonly number[]; readonly chosen: number }[] = [];
  const root: Run<T> = { found: [], parts: [] };
  const walk = async (run: Run<T>, rest: readonly number[], first?: (choice: Choice<T>) => void): Promise<void> => {
    let remaining = rest;
    while (remaining.length > 0) {
      const codes = options.clientOrder(remaining);
      const choice = await options.offer(codes, run.found.length > 0);
      if (remaining === rest) first?.(choice);
      if (choice.kind === "unknown") gaps.push(choice.why);
      if (choice.kind !== "chose") return;
      offered.push({ codes, chosen: choice.code });
      run.found.push({ code: choice.code, detail: choice.detail });
      remaining = remaining.filter((code) => code !== choice.code);
      if (run.found.length < options.longList || remaining.length < 2 || options.free() === 0) continue;
      const middle = Math.ceil(remaining.length / 2);
      const halves = [remaining.slice(0, middle), remaining.slice(middle)];
      run.parts = halves.map(() => ({ found: [], parts: [] }));
      await Promise.all(run.parts.map((part, at) => walk(part, halves[at] ?? [])));
      return;
    }
  };
  const chunks = chunksOf(codes, options.most);
  root.parts = chunks.map(() => ({ found: [], parts: [] }));
  const [head, ...others] = root.parts;
  if (head === undefined) return { run: root, gaps, ownOrder: false };
  // A version that is refused as such is refused whatever else is offered.
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const rest = promise.then((goOn) =>
    goOn ? Promise.all(others.map((run, at) => walk(run, chunks[at + 1] ?? []))) : undefined,
  );
  await walk(head, chunks[0] ?? [], (choice) => resolve(!(choice.kind === "none" && choice.version)));
  await rest;
  return { run: root, gaps: [...new Set(gaps)], ownOrder: isOwnOrder(offered) };
}

/** Of what is accepted, the server took something else than what was offered first. */
function isOwnOrder(offered: readonly { codes: readonly number[]; chosen: number }[]): boolean {
  const accepted = new Set(offered.map(({ chosen }) => chosen));
  return offered.some(({ codes, chosen }) => codes.find((code) => accepted.has(code)) !== chosen);
}

function chunksOf(codes: readonly number[], most: number): number[][] {
  const chunks = Math.ceil(codes.length / most);
  const size = Math.ceil(codes.length / Math.max(1, chunks));
  return Array.from({ length: chunks }, (_, at) => codes.slice(at * size, (at + 1) * size));
}

/** Everything that was found, runs one after the other. */
export function foundIn<T>(run: Run<T>): Found<T>[] {
  return [...run.found, ...run.parts.flatMap(foundIn)];
}
