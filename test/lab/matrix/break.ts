import { exec, type LabHost, ready, reboot } from "../hosts/host.ts";
import { until } from "../hosts/run.ts";
import { certificateScript } from "./certificate.ts";
import type { Fault } from "./faults.ts";

/** How breaking is watched. */
export interface BreakOptions {
  /** Folder on this machine for what is made on the way. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Runs a script on the host that must succeed; the name is for errors. */
  readonly script: (name: string, script: string) => Promise<void>;
  /** Does a step whose time is of interest. */
  readonly step: <T>(name: string, action: () => Promise<T>) => Promise<T>;
}

const settledLimitMs = 120_000;
const pollMs = 500;

/**
 * Does to a host what a fault says and waits until it has come to rest.
 * @returns the host, which after a reboot is another process.
 * @throws Error with what was printed where a script fails or the host does not come to rest.
 */
export async function breakHost(fault: Fault, host: LabHost, options: BreakOptions): Promise<LabHost> {
  const { folder, signal, script, step } = options;
  const { certificate, settled, reboot: again = false, ready: whole = true } = fault;
  if (certificate !== undefined) await script("certificate", await certificateScript(certificate, host, folder));
  await script("break", fault.break);
  const broken = again ? await step("reboot", () => reboot(host)) : host;
  if (settled !== undefined) await step("settled", () => settle(broken, settled, signal));
  if (whole) await step("ready again", () => ready(broken));
  return broken;
}

async function settle(host: LabHost, script: string, signal: AbortSignal): Promise<void> {
  const ask = async () => (await exec(host, script, { timeoutMs: settledLimitMs })).code === 0;
  await until(`host ${host.name} to settle`, ask, { timeoutMs: settledLimitMs, everyMs: pollMs, signal });
}
