import type { Backups } from "#evidence/backups.ts";
import { output, read, value } from "./capture.ts";

/** Text of frames by name. */
export type Frames = Readonly<Record<string, string>>;

/** The host's clock, seconds since 1970. */
export const now = 1795397901;
/** Folder of OpenClaw. */
export const home = "/home/openclaw/.openclaw";
/** OpenClaw's database. */
export const database = `${home}/state/openclaw.sqlite`;
/** A copy as find tells of it. */
export const copy = (hoursAgo: number, name = `openclaw-${hoursAgo}.sqlite`, device = 2049) =>
  `file ${now - hoursAgo * 3600}.5 8192 ${device} /var/backups/openclaw/${name}\n`;
/** The timer of the backup. */
export const timer = (state: string) =>
  `Unit=backup.service\nTimersCalendar={ OnCalendar=*-*-* 03:10:00 ; next_elapse=@1795457400 }\nLastTriggerUSec=@${now - 3600}\nId=backup.timer\nLoadState=loaded\nActiveState=${state}\n`;
/** Its service. */
export const service = (more: string) =>
  `Result=success\nId=backup.service\nLoadState=loaded\nActiveState=inactive\n${more}`;
/** When its service ended. */
export const ended = `ExecMainExitTimestamp=@${now - 3600}\n`;

/** A host with one database, seven copies of it and a timer that makes them. */
export const good: Frames = {
  run: "privilege root\nlimit x\nuser root\n",
  "clock.read": `${now} 000000000 +0900\n`,
  processes: "1 0 0 0 systemd\n",
  "backups.declared": "path \njob \n",
  "backups.state": `file ${now}.1 8192 2049 openclaw ${now - 400_000}.0 ${database}\nfile ${now - 9000}.1 700 2049 openclaw ${now}.0 ${home}/openclaw.json\nhost ${now - 9_000_000}\n`,
  "backups.timers": timer("active"),
  "backups.services": service(ended),
  "backups.handlers": "Id=notify@backup.service.service\nLoadState=loaded\n",
  "backups.journal": "",
  "backups.units": `unit backup.service\nscript /usr/local/sbin/backup\nline sqlite3 ${database} .backup /var/backups/openclaw/x.sqlite\n`,
  "backups.cron": "systemd\n",
  "backups.files": `${[1, 25, 49, 73, 97, 121, 145].map((hours) => copy(hours)).join("")}files 7\n`,
  "backups.configuration": `git installed\nconfiguration ${home}/openclaw.json\ncommit ${now - 9000}\n`,
  "backups.runs": "",
  "backups.devices":
    "block 8:1 /sys/devices/pci0000:00/ata1/block/sda/sda1\nblock 8:2 /sys/devices/pci0000:00/ata1/block/sda/sda2\nblock 8:17 /sys/devices/pci0000:00/ata2/block/sdb/sdb1\n",
};

/** What is read of the good host once frames of it are changed. */
export function backups(changes: Frames = {}): Backups {
  const frames = Object.entries({ ...good, ...changes }).map(([name, text]) => [name, text] as const);
  return value(read(output(frames)), "backups") as Backups;
}
