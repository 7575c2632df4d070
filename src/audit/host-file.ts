import { readHostOutput } from "#collect/host/output.ts";
import { scriptDigest } from "#collect/host/script.ts";
import { bundleSchema, type EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import type { Policy } from "#model/policy.ts";
import type { Target } from "#model/target.ts";

/** What has to be said beside the file that a customer's run of the host script left. */
export interface HostFileOptions {
  readonly target: Target;
  readonly policy: Policy;
  readonly tool: EvidenceBundle["tool"];
  readonly timezone: string;
  /** When the file was last written: the nearest thing to the time of the run. */
  readonly modifiedAt: Date;
  readonly randomHex: (bytes: number) => string;
}

/** A bundle from the output file of the host script, as a customer ran it without us. Throws InputError. */
export function bundleFromHostFile(file: string, bytes: Uint8Array, options: HostFileOptions): EvidenceBundle {
  const vantage = "host";
  const read = readHostOutput(bytes, {
    vantage,
    receivedAt: options.modifiedAt,
    startedAt: options.modifiedAt,
    end: "exit",
  });
  if ("error" in read) {
    throw new InputError(`${file} is neither evidence.json nor the output of the host script: ${read.error}`, {
      hint: "Make the script with sekisho script > collect.sh, run it with sh collect.sh > host.txt, and give host.txt.",
    });
  }
  const time = options.modifiedAt.toISOString();
  return {
    schema: bundleSchema,
    runId: options.randomHex(8),
    tool: options.tool,
    scriptDigest: scriptDigest(),
    startedAt: time,
    finishedAt: time,
    interrupted: false,
    target: options.target,
    policy: options.policy,
    authorisation: null,
    scope: { addresses: [], exclusions: ["Nothing was looked at over the network; the host's owner ran the script."] },
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
