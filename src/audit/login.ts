import { InputError } from "#model/input-error.ts";
import type { SshLogin } from "#model/target.ts";

/** Reads `user@host[:port]` or `user@[IPv6]:port`, the value of `option`. Throws InputError. */
export function parseLogin(text: string, option = "--ssh"): SshLogin {
  const match = /^([^@\s]+)@(?:\[([^\]\s]+)\]|([^:\s[\]]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*))(?::(\d{1,5}))?$/.exec(text);
  const user = match?.[1];
  if (match === null || user === undefined) {
    throw new InputError(`${option} "${text}" is not a login.`, {
      hint: "Write user@host, user@host:port or user@[IPv6]:port.",
    });
  }
  const host = match[2] ?? match[3] ?? "";
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port < 1 || port > 65535)) {
    throw new InputError(`${option} "${text}": ${port} is not a port.`, { hint: "Ports go from 1 to 65535." });
  }
  return { user, host, ...(port === undefined ? {} : { port }) };
}
