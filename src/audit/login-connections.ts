import type { EvidenceBundle } from "#model/bundle.ts";
import type { SshLogin } from "#model/target.ts";
import { parseJump } from "./open-session.ts";

/** The one connection of a login, to the host or to its bastion. */
export function loginConnections(ssh: SshLogin | undefined): EvidenceBundle["connections"] {
  if (ssh === undefined) return [];
  const first = ssh.jump === undefined ? { host: ssh.host, port: ssh.port ?? 22 } : parseJump(ssh.jump);
  return [{ address: first.host, port: first.port, purpose: "login", count: 1 }];
}
