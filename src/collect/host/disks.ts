import type { Static } from "typebox";
import type { Disks, Storage } from "#evidence/host.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import { failureOf, faultOf, frameOf, type HostOutput, lines, missing } from "./frames.ts";

type Disk = Exclude<Static<typeof Disks>[number], { $unknown: string }>;

/** File systems that hold no data of their own, or not on this host. */
const pseudo =
  /^(tmpfs|devtmpfs|ramfs|proc|sysfs|cgroup2?|devpts|mqueue|hugetlbfs|debugfs|tracefs|securityfs|pstore|efivarfs|configfs|fusectl|binfmt_misc|autofs|rpc_pipefs|nsfs|squashfs|iso9660|udf|none|fuse\..*|fuse|nfs4?|cifs|smb3|smbfs|ceph|glusterfs|9p|virtiofs|lustre|afs)$/;

interface Row {
  readonly device: string;
  readonly fsType: string;
  readonly numbers: readonly number[];
  readonly mount: string;
}

/** Local file systems with data, by df(1), and the root, whatever it is on. A container's layers (overlay elsewhere) are left out. */
export function parseDisks(output: HostOutput): Attempt<Static<typeof Disks>> {
  const read = readSpace(output);
  if ("status" in read) return read;
  const inodes = readInodes(output);
  const disks = read.rows.map((row): Disk => toDisk(row, inodes));
  return observed(read.open ? [...disks, unknown("df did not list every file system")] : disks);
}

/** Sum of the local file systems; each device once, a ZFS pool once. */
export function parseStorage(output: HostOutput): Attempt<Storage> {
  const read = readSpace(output);
  if ("status" in read) return read;
  if (read.open) return observed({ totalBytes: unknown("df did not list every file system") });
  const sizes = new Map<string, number>();
  for (const row of read.rows) {
    const [total = 0, used = 0, available = 0] = row.numbers;
    if (row.fsType !== "zfs") sizes.set(row.device, Math.max(sizes.get(row.device) ?? 0, total));
    else {
      // Datasets of a pool share what is available and each have what they use.
      const pool = `zfs ${row.device.replace(/\/.*/, "")}`;
      sizes.set(pool, (sizes.get(pool) ?? available) + used);
    }
  }
  return observed({ totalBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) * 1024 });
}

function readSpace(output: HostOutput): { rows: Row[]; open: boolean } | Attempt<never> {
  const frame = frameOf(output, "disks.space");
  if (frame === undefined) return missing(output, "df");
  const all = lines(frame.text).filter((line) => !harmless.test(line));
  const complaints = all.filter((line) => line.startsWith("df:"));
  const table = all.filter((line) => !line.startsWith("df:"));
  const body =
    table[0]?.startsWith("Filesystem") === true ? table.slice(1, frame.state === "truncated" ? -1 : undefined) : [];
  const parsed = body.map(parseRow);
  const rows = parsed.filter((row) => row !== undefined);
  if (rows.length === 0) return failureOf(output, frame, "df") ?? failed("malformed", "df listed no file system");
  const kept = rows.filter((row) => row.mount === "/" || !(pseudo.test(row.fsType) || row.fsType === "overlay"));
  const sized = kept.filter((row) => (row.numbers[0] ?? 0) > 0);
  const cut = frame.state !== "ok" || complaints.length > 0 || rows.length < parsed.length;
  // The root is on every host; a file system that tells no size tells nothing.
  const whole = sized.length === kept.length && sized.some((row) => row.mount === "/");
  return { rows: sized, open: cut || !whole };
}

/** What df says of mounts that only their own user may look at, and that hold no data of the host's. */
const harmless = /^df: \/(run|sys|proc|dev|snap|var\/lib\/docker\/(overlay2|containers))\//;

/** `device type blocks used available capacity% mount`, in kibibytes; a mount may hold spaces. */
function parseRow(line: string): Row | undefined {
  const match = /^(.+?)\s+(\S+)\s+(\d{1,15})\s+(-?\d{1,15})\s+(-?\d{1,15})\s+(\d+%|-)\s+(\/.*)$/.exec(line);
  if (match === null) return undefined;
  const numbers = [match[3], match[4], match[5]].map((text) => Math.max(0, Number(text)));
  return { device: match[1] ?? "", fsType: match[2] ?? "", numbers, mount: match[7] ?? "" };
}

function readInodes(output: HostOutput): ReadonlyMap<string, number> {
  const frame = frameOf(output, "disks.inodes");
  const found = new Map<string, number>();
  if (frame === undefined || faultOf(frame)?.reason === "timeout") return found;
  for (const line of lines(frame.text)) {
    const match = /\s(\d{1,3})%\s+(\/.*)$/.exec(line);
    if (match !== null) found.set(match[2] ?? "", Number(match[1]));
  }
  return found;
}

function toDisk(row: Row, inodes: ReadonlyMap<string, number>): Disk {
  const [total = 0, used = 0, available = 0] = row.numbers;
  const counted = used + available;
  return {
    mount: visible(row.mount, 300),
    device: visible(row.device, 300),
    fsType: visible(row.fsType, 50),
    totalBytes: total * 1024,
    usedBytes: used * 1024,
    availableBytes: available * 1024,
    usedPercent: counted === 0 ? 0 : Math.ceil((used * 100) / counted),
    inodesUsedPercent:
      inodes.get(row.mount) ?? unknown("the file system does not count inodes, or df did not list them"),
  };
}
