import type { Logs } from "#evidence/logs.ts";
import { output, read, value } from "./capture.ts";

/** What is read of the logs of a host. */
export function logsOf(bytes: Uint8Array): Logs {
  return value(read(bytes), "logs") as Logs;
}

/** The host's clock, in seconds. */
export const now = Date.parse("2026-11-23T00:00:00Z") / 1000;
export const day = 86_400;

/** A host, by what is different from one where everything was read and nothing deletes anything. */
export function host(parts: Readonly<Record<string, string>> = {}, file = "/var/log/claw/claw.log"): Buffer {
  const config = `config /root/.openclaw/openclaw.json\nmode 600 0\nlogging\tobject\t\n${file === "" ? "" : `logging.file\tstring\t${file}\n`}`;
  const frames: Record<string, string> = {
    "clock.read": `${now} 000000000 +0000\n`,
    "disks.space":
      "Filesystem Type 1024-blocks Used Available Capacity Mounted on\n/dev/a ext4 1000000 1 999999 1% /\n",
    processes: "1 0 0 0 systemd\n2 1 0 0 nginx\n3 1 0 0 systemd-journal\n",
    "openclaw.unit": "Id=openclaw-gateway.service\nLoadState=loaded\nActiveState=active\nUser=\n",
    "openclaw.configs": config,
    nginx: nginx("access_log\t/var/log/nginx/access.log\t;"),
    "logs.age": `uptime 1000\n${now - 400 * day} ${now - 400 * day} /etc/machine-id\nstate /root/.openclaw\n${now - 300 * day} ${now - 300 * day} /root/.openclaw\n`,
    "logs.logrotate": "file /etc/logrotate.conf\nowner 644 0 regular file\n",
    "logs.logrotate.run": "installed\nActiveState=active\nservice\nResult=success\n",
    "logs.files": `${folderOf("/var/log/claw/claw.log", 20)}${folderOf("/var/log/nginx/access.log", 20)}`,
    "logs.journald": "file /etc/systemd/journald.conf\npersistent folder\nrunning\n",
    "logs.journald.files": `path /var\nstate ONLINE\nhead ${((now - 50 * day) * 1e6).toString(16)}\ntail ${(now * 1e6).toString(16)}\nusage 8.0M\n`,
    "logs.tmpfiles": "ActiveState=active\n",
    "logs.jobs": "",
    ...parts,
  };
  return output(Object.entries(frames).map(([name, text]) => [name, text] as const));
}

/** A log with a compressed older file, in the words of the script. */
export function folderOf(path: string, heldDays: number, more = "filesystem ext2/ext3"): string {
  const old = `${path}.2.gz`;
  const first = new Date((now - heldDays * day) * 1000).toISOString();
  return `log ${path}\nfolder 750 0 0\n${more}\nfile ${now - heldDays * day + 3600} 100 ${old}\nfile ${now} 5000 ${path}\nfirst ${first}\t${old}\nfirst ${new Date((now - day) * 1000).toISOString()}\t${path}\n`;
}

/** nginx with one server that passes requests to OpenClaw, and these lines around it. */
export function nginx(...lines: string[]): string {
  return [
    "main\t/n",
    "logpath\t/var/log/nginx/default.log",
    "prefix\t/usr/share/nginx",
    "file\t/n",
    "http\t{",
    ...lines,
    "server\t{",
    "listen\t443\t;",
    "location\t{",
    "proxy_pass\t127.0.0.1:18789\t;",
    "}",
    "}",
    "}",
    "",
  ].join("\n");
}
