import type { Way } from "#net/way.ts";
import { dialThrough } from "./dial-through.ts";
import { type ScanBounds, scanThrough, usualBounds } from "./scan-through.ts";
import type { Tunnel } from "./tunnel.ts";

/** The way through a tunnel: TCP alone. */
export function wayThrough(tunnel: Tunnel, bounds: ScanBounds = usualBounds): Way {
  return {
    connect: (endpoint, limits) => dialThrough(tunnel, endpoint, limits),
    scan: (options, atOnce) =>
      scanThrough(tunnel, options, { ...bounds, mostAsked: Math.max(1, Math.floor(bounds.mostAsked / atOnce)) }),
    withoutEcho: "an SSH tunnel carries TCP connections only: no ICMP goes through it",
    withoutUdp: "an SSH tunnel carries TCP connections only: no UDP goes through it",
  };
}
