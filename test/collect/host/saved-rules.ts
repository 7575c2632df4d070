/** A filter table as iptables-save(8) prints it, with rules of its chains, which drop what they do not name. */
export function saved(...rules: readonly string[]): string {
  const chains = new Set(rules.flatMap((rule) => /^-A (\S+)/.exec(rule)?.[1] ?? []));
  const own = [...chains].filter((name) => !["INPUT", "OUTPUT", "FORWARD"].includes(name));
  return [
    "*filter",
    ":INPUT DROP",
    ":FORWARD DROP",
    ":OUTPUT DROP",
    ...own.map((name) => `:${name} -`),
    ...rules,
    "COMMIT",
  ].join("\n");
}
