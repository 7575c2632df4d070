/** Whether a path is of a pattern of glob(7): `*`, `?` and `[...]`, none of which stands for a slash. Takes no longer than both are long. */
export function matchesGlob(pattern: string, path: string): boolean {
  const tokens = tokensOf(pattern);
  let states = closure(new Set([0]), tokens);
  for (const character of path) states = closure(advance(states, tokens, character), tokens);
  return states.has(tokens.length);
}

function advance(states: ReadonlySet<number>, tokens: readonly Token[], character: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const token = tokens[state];
    if (token?.many === true && character !== "/") next.add(state);
    if (token?.many === false && token.takes(character)) next.add(state + 1);
  }
  return next;
}

interface Token {
  readonly many: boolean;
  readonly takes: (character: string) => boolean;
}

function closure(states: ReadonlySet<number>, tokens: readonly Token[]): Set<number> {
  const all = new Set(states);
  for (const state of all) if (tokens[state]?.many === true) all.add(state + 1);
  return all;
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (const match of pattern.matchAll(/\\(.)|\[([!^]?)(\]?[^\]]*)\]|(\*)|(\?)|(.)/gsu)) {
    const [, escaped, negated, set, star, any, plain] = match;
    if (star !== undefined) tokens.push({ many: true, takes: () => false });
    else if (any !== undefined) tokens.push({ many: false, takes: (character) => character !== "/" });
    else if (set !== undefined) tokens.push({ many: false, takes: inSet(set, negated !== "") });
    else tokens.push({ many: false, takes: (character) => character === (escaped ?? plain) });
  }
  return tokens;
}

function inSet(set: string, negated: boolean): (character: string) => boolean {
  const ranges = [...set.matchAll(/(.)-(.)|(.)/gsu)].map((match) => [
    match[1] ?? match[3] ?? "",
    match[2] ?? match[3] ?? "",
  ]);
  return (character) =>
    character !== "/" && ranges.some(([from = "", to = ""]) => from <= character && character <= to) !== negated;
}
