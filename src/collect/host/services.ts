import type { Static } from "typebox";
import type { Services } from "#evidence/host.ts";
import { type Attempt, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { failureOf, faultOf, frameOf, type HostOutput, lines, missing } from "./frames.ts";

type Service = Exclude<Static<typeof Services>[number], { $unknown: string }>;

/** Services that systemd runs, with whether they are enabled. */
export function parseServices(output: HostOutput): Attempt<Static<typeof Services>> {
  const frame = frameOf(output, "services.running");
  const failure = failureOf(output, frame, "systemctl");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "systemctl");
  const enabled = enabledUnits(output);
  const all = lines(frame.text);
  const body = frame.state === "truncated" ? all.slice(0, -1) : all;
  const services = body.map((line): Maybe<Service> => {
    const name = /^\s*(\S+)\.service\s+loaded\s+active\s+running\b/.exec(line)?.[1];
    if (name === undefined) return unknown(`not understood: ${visible(line, 120)}`);
    return { unit: visible(name, 200), enabled: stateOf(name, enabled) };
  });
  return observed(
    frame.state === "truncated" ? [...services, unknown("the list was cut at the size limit")] : services,
  );
}

/** An instance is enabled by its own name, or by its template's. */
function stateOf(name: string, enabled: ReadonlyMap<string, boolean> | undefined): Maybe<boolean> {
  if (enabled === undefined) return unknown("the list of unit files could not be read");
  const template = /^([^@]+@).+$/.exec(name)?.[1];
  const state = enabled.get(name) ?? (template === undefined ? undefined : enabled.get(template));
  return state ?? unknown("its unit file cannot be enabled or disabled");
}

/** Whether each service's unit file is enabled, by name without .service; undefined when the list is not complete. */
export function enabledUnits(output: HostOutput): ReadonlyMap<string, boolean> | undefined {
  const frame = frameOf(output, "services.files");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") return undefined;
  const units = new Map<string, boolean>();
  for (const line of lines(frame.text)) {
    const match = /^\s*(\S+)\.service\s+(\S+)/.exec(line);
    if (match === null) continue;
    // static, indirect and linked units have no switch of their own: others start them.
    if (/^(enabled|enabled-runtime|alias|generated)$/.test(match[2] ?? "")) units.set(match[1] ?? "", true);
    else if (/^(disabled|masked|masked-runtime)$/.test(match[2] ?? "")) units.set(match[1] ?? "", false);
  }
  return units;
}
