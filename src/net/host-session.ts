/** How one run of a script ended. lost: the connection broke. truncated: more output than allowed, the rest was refused. */
export type RunEnd = "exit" | "timeout" | "truncated" | "lost" | "aborted";

/** What a run gave; output gathered before an early end is kept. */
export interface RunResult {
  readonly stdout: Uint8Array;
  /** Head of stderr, at most 4 KiB. */
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly end: RunEnd;
  readonly durationMs: number;
}

/** Limits of one run. */
export interface RunLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** A way to run a script on the host: this machine, or one SSH connection. */
export interface HostSession {
  readonly via: "local" | "ssh2" | "ssh";
  /** SHA256: fingerprints of the host keys that were verified; empty for local. */
  readonly hostKeys: readonly string[];
  /** What a reader should know of how the session came about, such as why the system's ssh was used. */
  readonly notes: readonly string[];
  /** Feeds `script` to `sh -s` on the host. Never throws for what the host does. */
  run(script: string, limits: RunLimits): Promise<RunResult>;
  close(): Promise<void>;
}
