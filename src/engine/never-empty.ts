/** Lists that hold something on every server, by kind and field: an empty one was not read. Rules that go over all elements would pass on it. */
const neverEmpty: ReadonlySet<string> = new Set([
  "ssh[].users",
  "ssh[].users[].methods",
  "udp[].ports",
  "tls[].chain",
  "tls[].versions",
  "tls[].cipherSuites",
  "addresses",
  "disks",
  "listeners",
  "services",
  "sshd.effective",
  "sshd.ports",
  "openclaw.aiProviders",
  "openclaw.privateFiles",
  "outbound.needed",
  "outbound.canaries",
  "outbound.ai",
  "outbound.resolvers",
]);

/** Whether a list at a path, root included, cannot be empty in truth. */
export function isNeverEmpty(path: string): boolean {
  return neverEmpty.has(path.slice(path.indexOf(".") + 1));
}
