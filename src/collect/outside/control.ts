import type { Icmp, Tcp, TcpScan } from "#evidence/network.ts";
import type { Surroundings } from "#model/progress.ts";
import { seen } from "#model/unknown.ts";
import { dialTcp, type Endpoint, isFailure } from "#net/dial.ts";
import type { NetworkPlan } from "./plan.ts";

/** What came of asking the controls once: those that did not answer. */
export type SilentControls = readonly Endpoint[];

/** A scan before anything is said of what its silence proves. */
export type UncontrolledScan = Omit<TcpScan, "control">;

/** What the controls showed, before the scan and after it. */
export interface AskedControls {
  readonly controls: readonly Endpoint[];
  readonly silent: readonly SilentControls[];
  /** The addresses are this machine's own. */
  readonly local: boolean;
}

/** The port whose silence matters most, and the first that networks refuse to let out. */
const sshPort = 22;

/**
 * Connects to each control and closes at once. A control is a server that is known to answer from here: when it does, this place lets
 * connections out to that port. Gives those that did not answer.
 */
export async function askControls(
  { controls, timeoutMs, way }: Pick<NetworkPlan, "controls" | "timeoutMs" | "way">,
  around: Surroundings,
): Promise<SilentControls> {
  const connect = way?.connect ?? dialTcp;
  const silent = await Promise.all(
    controls.map(async (control) => {
      const socket = await connect(control, { timeoutMs, signal: around.signal });
      if (isFailure(socket)) return [control];
      socket.destroy();
      return [];
    }),
  );
  return silent.flat();
}

/**
 * Says of each scan whether its silence came from the target's side. It did where the address is this machine's own or its 22/tcp is
 * open. Elsewhere the address has to show that it is up, by an open port or an answered echo request, and controls, one of them on
 * port 22, have to answer before and after: a network that keeps 22/tcp in says nothing of the target. A reset shows nothing at all,
 * for whatever stands on the way can send it in the target's name.
 *
 * @param echoing Addresses that answered echo requests in the midst of the scan: the two at the beginning may get lost.
 */
export function applyControls(
  scans: readonly UncontrolledScan[],
  echoes: Icmp,
  asked: AskedControls,
  echoing: ReadonlySet<string> = new Set(),
): Tcp {
  return scans.map((scan) => {
    const answered = seen(echoes).some((echo) => echo.address === scan.address && echo.answered === true);
    const echoed = answered || echoing.has(scan.address);
    return { ...scan, control: controlOf(scan, echoed, asked) };
  });
}

function controlOf(scan: UncontrolledScan, echoed: boolean, asked: AskedControls): TcpScan["control"] {
  if (asked.local) return { established: true, how: "the address is this machine's own" };
  const open = seen(scan.open).map(({ port }) => port);
  if (open.includes(sshPort)) return { established: true, how: `${sshPort}/tcp is open` };
  const sign = signOf(open, echoed);
  const missing = [
    ...(sign === undefined ? [noSign(scan)] : []),
    ...(asked.silent.flat().length > 0 ? [`the control did not answer: ${namesOf(asked.silent.flat())}`] : []),
    ...(asked.controls.some(({ port }) => port === sshPort) ? [] : [noSshControl]),
  ];
  if (sign === undefined || missing.length > 0) return { established: false, how: missing.join("; ") };
  return { established: true, how: `${sign}, and connections to ${namesOf(asked.controls)} were answered` };
}

const noSshControl = `no control on port ${sshPort} was named to show that connections to ${sshPort}/tcp leave this place`;

/** How the address showed that it is up. */
function signOf(open: readonly number[], echoed: boolean): string | undefined {
  if (open[0] !== undefined) return `${open[0]}/tcp is open`;
  return echoed ? "echo requests were answered" : undefined;
}

function noSign(scan: UncontrolledScan): string {
  return scan.closedPorts > 0
    ? "no port was open and no echo request was answered; resets may come from anything on the way"
    : "no port answered, and no echo request";
}

function namesOf(list: readonly Endpoint[]): string {
  const names = list.map(({ address, port }) => `${address} ${port}/tcp`);
  return [...new Set(names)].join(", ");
}
