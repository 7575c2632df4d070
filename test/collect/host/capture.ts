import { readFileSync } from "node:fs";
import type { HostKind } from "#collect/host/kinds.ts";
import { type HostResult, readHostOutput } from "#collect/host/output.ts";
import type { Evidence } from "#model/bundle.ts";

export const at = new Date("2026-11-22T00:00:00Z");

/** Bytes of a captured run. */
export function captured(name: string): Buffer {
  return readFileSync(new URL(`../../../fixtures/captures/host/${name}.txt`, import.meta.url));
}

/** What is read of output; throws where it is not output of the script. */
export function read(bytes: Uint8Array, end: "exit" | "timeout" | "truncated" = "exit"): HostResult {
  const result = readHostOutput(bytes, { vantage: "host", receivedAt: at, startedAt: at, end });
  if ("error" in result) throw new Error(result.error);
  return result;
}

/** The attempt of one kind. */
export function attempt(result: HostResult, kind: HostKind): Evidence["attempt"] {
  const found = result.evidence.filter((evidence) => evidence.kind === kind);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${kind}`);
  return only.attempt;
}

/** The value of a kind that was observed. */
export function value(result: HostResult, kind: HostKind): unknown {
  const found = attempt(result, kind);
  return found.status === "observed" ? found.value : found;
}

/** Output made of frames given, as the script prints them. */
export function output(
  frames: readonly (readonly [name: string, text: string, state?: string, code?: string])[],
  ended = true,
): Buffer {
  const boundary = "abcdef0123456789";
  const parts = frames.map(([name, text, state = "ok", code = "0"], index) => {
    const bytes = Buffer.byteLength(text);
    return `${boundary} ${name} ${state} ${code} ${1000 + index} 1 ${bytes}\n${text}\n`;
  });
  return Buffer.from(`sekisho-host 1 ${boundary}\n${parts.join("")}${ended ? `${boundary} end 2000\n` : ""}`);
}
