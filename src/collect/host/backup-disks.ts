import { frameOf, type HostOutput } from "./frames.ts";

/** Name of the disks that a device lies on; undefined where the host did not say. */
export type DisksOf = (device: number) => ReadonlySet<string>;

/** Disks by number of device (stat(2)): a partition lies on its disk, a mapped device on those below it. */
export function readDisks(output: HostOutput): DisksOf {
  const places = new Map<string, string>();
  const below = new Map<string, string[]>();
  for (const line of (frameOf(output, "backups.devices")?.text ?? "").split("\n")) {
    const match = /^(block|below) (\d{1,6}:\d{1,8}) (\/.+)$/.exec(line);
    if (match === null) continue;
    const [, kind, number = "", path = ""] = match;
    if (kind === "block") places.set(number, path);
    else below.set(number, [...(below.get(number) ?? []), path]);
  }
  return (device) => {
    const number = `${majorOf(device)}:${minorOf(device)}`;
    const paths = below.get(number) ?? [places.get(number) ?? `device ${device}`];
    return new Set(paths.map(wholeDisk));
  };
}

/** Places where storage of other machines is mounted. */
export function readRemoteMounts(output: HostOutput): readonly string[] {
  const text = frameOf(output, "backups.devices")?.text ?? "";
  return [...text.matchAll(/^remote (\/.+)$/gm)].map((match) => match[1] ?? "");
}

/** `.../block/sda/sda1` is a part of `sda`. */
function wholeDisk(path: string): string {
  return /\/block\/([^/]+)(?:\/[^/]+)?$/.exec(path)?.[1] ?? path;
}

// Linux keeps the device's numbers interleaved in 64 bits (makedev(3)).
function majorOf(device: number): number {
  const bits = BigInt(Math.trunc(device));
  return Number(((bits >> 8n) & 0xfffn) | ((bits >> 32n) & ~0xfffn & 0xffffffffn));
}

function minorOf(device: number): number {
  const bits = BigInt(Math.trunc(device));
  return Number((bits & 0xffn) | ((bits >> 12n) & 0xffffff00n));
}
