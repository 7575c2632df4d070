import type { Icmp, Tcp } from "#evidence/network.ts";
import type { Surroundings } from "#model/progress.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { dialTcp, type Endpoint, isFailure } from "#net/dial.ts";

/** What came of asking the controls once: those that did not answer. */
export type SilentControls = readonly Endpoint[];

/**
 * Connects to each control and closes at once. A control is a server that is known to answer from here: when it does, this place lets
 * connections out. Gives those that did not answer.
 */
export async function askControls(
  controls: readonly Endpoint[],
  timeoutMs: number,
  around: Surroundings,
): Promise<SilentControls> {
  const silent = await Promise.all(
    controls.map(async (control) => {
      const socket = await dialTcp(control, { timeoutMs, signal: around.signal });
      if (isFailure(socket)) return [control];
      socket.destroy();
      return [];
    }),
  );
  return silent.flat();
}

/**
 * Scans of which nothing answered, seen in the light of what else shows that silence came from the target's side: the address answered
 * an echo request, so it is up and the way to it works; and the controls answered before and after, so connections leave this place.
 * Without both a scan stays without control.
 */
export function applyControls(
  scans: readonly Tcp[number][],
  echoes: Icmp,
  asked: { readonly controls: readonly Endpoint[]; readonly silent: readonly SilentControls[] },
): Tcp {
  return scans.map((scan) => {
    if (isUnknown(scan) || scan.control.established) return scan;
    const answered = seen(echoes).some((echo) => echo.address === scan.address && echo.answered === true);
    return { ...scan, control: controlOf(answered, asked) };
  });
}

function controlOf(
  answered: boolean,
  { controls, silent }: { readonly controls: readonly Endpoint[]; readonly silent: readonly SilentControls[] },
): { established: boolean; how: string } {
  if (!answered) return { established: false, how: "no port answered, and no echo request" };
  if (controls.length === 0) {
    return {
      established: false,
      how: "echo requests were answered, no port was; no control was named to show that connections leave this place",
    };
  }
  const missing = silent.flat();
  if (missing.length > 0) return { established: false, how: `the control did not answer: ${namesOf(missing)}` };
  return { established: true, how: `echo requests were answered, and so were connections to ${namesOf(controls)}` };
}

function namesOf(list: readonly Endpoint[]): string {
  return list.map(({ address, port }) => `${address} ${port}/tcp`).join(", ");
}
