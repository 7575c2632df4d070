import { spawn } from "node:child_process";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { Family } from "./address.ts";
import type { Limits } from "./dial.ts";

/**
 * Asks the system's ping(8), which may send echo requests where we may not, for two of them. False when none was answered; unknown when
 * there is no ping or it could not send.
 */
export async function echoBySystem(address: string, family: Family, limits: Limits): Promise<Maybe<boolean>> {
  const seconds = String(Math.max(1, Math.ceil(limits.timeoutMs / 1000)));
  const args = ["-n", "-q", "-c", "2", "-W", seconds, family === "ipv4" ? "-4" : "-6", address];
  const { promise, resolve } = Promise.withResolvers<Maybe<boolean>>();
  const child = spawn("ping", args, { stdio: "ignore", signal: limits.signal, timeout: limits.timeoutMs * 2 + 3_000 });
  child.on("error", (error) =>
    resolve(unknown(`the system's ping could not run (${"code" in error ? error.code : error.name})`)),
  );
  child.on("close", (code) => resolve(meaningOf(code)));
  return await promise;
}

/** ping(8): 0 when answers came, 1 when none did, anything else for other errors. */
function meaningOf(code: number | null): Maybe<boolean> {
  if (code === 0) return true;
  if (code === 1) return false;
  return unknown(code === null ? "the system's ping was stopped" : `the system's ping ended with ${code}`);
}
