import { isOpenclaw, publishedPorts, readInspected } from "./containers.ts";
import type { HostOutput } from "./frames.ts";
import { parseOpenclaw } from "./openclaw.ts";

/** Ports on which OpenClaw's gateway may be reached from this host: its default, its configured one, those its containers publish. */
export function openclawPorts(output: HostOutput): ReadonlySet<number> {
  const openclaw = parseOpenclaw(output);
  const configured =
    openclaw.status === "observed" && typeof openclaw.value.port === "number" ? [openclaw.value.port] : [];
  const published = readInspected(output)
    .filter((container) => isOpenclaw(output, container))
    .flatMap((container) => publishedPorts(container))
    .map((port) => ("hostPort" in port ? port.hostPort : 0));
  return new Set([18789, ...configured, ...published.filter((port) => port > 0)]);
}
