import { readHostOutput } from "#collect/host/output.ts";
import { bundleSchema, type Evidence, type EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import type { Policy } from "#model/policy.ts";
import type { Target } from "#model/target.ts";

/** What has to be said beside the file that a customer's run of the host script left. */
export interface HostFileOptions {
  readonly target: Target;
  readonly policy: Policy;
  readonly tool: EvidenceBundle["tool"];
  readonly timezone: string;
  /** When the file was last written: stands for the time of the run where the host's clock could not be read. */
  readonly modifiedAt: Date;
  readonly randomHex: (bytes: number) => string;
}

/** A bundle from the output file of the host script, as a customer ran it without us. Throws InputError. */
export function bundleFromHostFile(file: string, bytes: Uint8Array, options: HostFileOptions): EvidenceBundle {
  const vantage = "host";
  const readAt = (at: Date) => readHostOutput(bytes, { vantage, receivedAt: at, startedAt: at, end: "exit" });
  const first = readAt(options.modifiedAt);
  // A copied file is as new as its copy: when the script ran, the host's own clock says.
  const takenAt = ("error" in first ? undefined : hostClock(first.evidence)) ?? options.modifiedAt;
  const read = readAt(takenAt);
  if ("error" in read) {
    throw new InputError(`${file} is neither evidence.json nor the output of the host script: ${read.error}`, {
      hint: "Make the script with sekisho script > collect.sh, run it with sh collect.sh > host.txt, and give host.txt.",
    });
  }
  const time = takenAt.toISOString();
  return {
    schema: bundleSchema,
    runId: options.randomHex(8),
    tool: options.tool,
    scriptDigest: "",
    startedAt: time,
    finishedAt: time,
    interrupted: false,
    target: options.target,
    policy: options.policy,
    authorisation: null,
    scope: { addresses: [], exclusions: [handedOver] },
    vantages: [{ id: vantage, role: "inside", via: "file", addresses: [], notes: [...read.notes] }],
    identity: {
      sshHostKeys: [],
      tlsKeys: [],
      ...(read.machineIdHash === undefined ? {} : { machineIdHash: read.machineIdHash }),
    },
    clocks: { scannerTimezone: options.timezone },
    connections: [],
    evidence: [...read.evidence],
  };
}

const handedOver =
  "The host's owner ran the host script and handed over its output: that it is of this server and of an unchanged script was not verified.";

function hostClock(evidence: readonly Evidence[]): Date | undefined {
  const attempt = evidence.find((entry) => entry.kind === "clock")?.attempt;
  const value = attempt?.status === "observed" ? attempt.value : undefined;
  const epochMs = typeof value === "object" && value !== null && "epochMs" in value ? value.epochMs : undefined;
  const time = typeof epochMs === "number" ? new Date(epochMs) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}
