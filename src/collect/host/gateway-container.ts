import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import { type Inspected, isOpenclaw, readInspected } from "./containers.ts";
import type { HostOutput } from "./frames.ts";

/** The container in which the gateway runs, or why it is not known which of several it is; undefined when there is none. */
export function gatewayContainer(output: HostOutput): Inspected | { readonly $unknown: string } | undefined {
  const candidates = readInspected(output).filter((entry) => isOpenclaw(output, entry));
  const declared = candidates.find((entry) => entry.declared);
  if (declared !== undefined) return declared;
  // A command-line helper joins the network of the container it talks to.
  const own = candidates.filter(({ networkMode }) => !networkMode.startsWith("container:"));
  const chosen = own.length > 0 ? own : candidates;
  if (chosen.length < 2) return chosen[0];
  const names = visible(chosen.map(({ name }) => name).join(", "), 200);
  return unknown(
    `several containers look like OpenClaw's (${names}); name the gateway's as container of the target in sekisho.yaml`,
  );
}
