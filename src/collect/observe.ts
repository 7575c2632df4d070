import { createHash } from "node:crypto";
import type { EvidenceValues, KindId } from "#evidence/registry.ts";
import { type Attempt, failed } from "#model/attempt.ts";
import type { Evidence } from "#model/bundle.ts";
import type { Surroundings } from "#model/progress.ts";
import { visible } from "#model/sanitise.ts";

/** What one attempt is about. */
export interface ObserveOptions<K extends KindId> {
  readonly kind: K;
  /** Id of the vantage. */
  readonly vantage: string;
  /** Command or request that is made. */
  readonly method: string;
  readonly around: Surroundings;
}

/** What came of looking, and the bytes it was read from. */
export interface Look<K extends KindId> {
  readonly attempt: Attempt<EvidenceValues[K]>;
  readonly raw?: Uint8Array | undefined;
  /** How it was looked, where that was only found out on the way. */
  readonly method?: string | undefined;
}

const excerptLength = 2000;

/**
 * Runs one attempt: times it, turns whatever is thrown into our fault, and keeps digest and head of the raw bytes. Never rejects.
 */
export async function observe<K extends KindId>(
  options: ObserveOptions<K>,
  look: () => Promise<Look<K>>,
): Promise<Evidence> {
  const { around, kind, vantage, method } = options;
  const startedAt = around.now();
  const {
    attempt,
    raw,
    method: chosen = method,
  } = await look().catch((error: unknown): Look<K> => ({ attempt: failed("bug", describeBug(error)) }));
  const durationMs = Math.max(0, Math.round(around.now().getTime() - startedAt.getTime()));
  const base = { kind, vantage, attempt, startedAt: startedAt.toISOString(), durationMs, method: chosen };
  if (raw === undefined || raw.length === 0) return base;
  return { ...base, digest: createHash("sha256").update(raw).digest("hex"), excerpt: excerptOf(raw) };
}

function describeBug(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return visible(message, 500) || "an error without a message";
}

/** Lines stay lines; everything else that is invisible is written out. */
function excerptOf(raw: Uint8Array): string {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, excerptLength * 4)).toString("utf8");
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const shown = lines.map((line) => visible(line, excerptLength)).join("\n");
  return shown.length > excerptLength ? `${shown.slice(0, excerptLength - 1).replace(/[\ud800-\udbff]$/, "")}…` : shown;
}
