import { expect } from "vitest";
import type { Alerts } from "#evidence/alerts.ts";
import { output, read, value } from "./capture.ts";

export type Frames = Readonly<Record<string, string>>;

export const now = 1795397901;
export const hidden = { $unknown: expect.any(String) };

/** fail2ban's settings for one jail, and that it runs with them. */
export const jail =
  "jail sshd\nmatches sshd ssh\njournal sshd ssh\naction sshd ban\naction sshd tell mail:remote\nstart sshd\n";
export const loaded = `changed ${now - 900}.5\nStateChangeTimestamp=@${now - 800}\n`;

/** A host with fail2ban and its jail for SSH, Postfix, and a unit that mails when OpenClaw fails. */
export const good: Frames = {
  run: "privilege root\nlimit x\nuser root\n",
  "clock.read": `${now} 000000000 +0900\n`,
  processes: "1 0 0 0 systemd\n2 1 0 0 fail2ban-server\n3 1 0 0 master\n",
  "alerts.fail2ban": "Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n",
  "alerts.fail2ban.actions": "jail sshd\nThe jail sshd has the following actions:\nban, tell\n",
  "alerts.fail2ban.settings": jail + loaded,
  "services.files": "openclaw.service enabled enabled\n",
  "alerts.mail": "awk works\nprogram sendmail\nsendmail sendmail\npostfix smtp\n",
  "alerts.units": "Id=openclaw.service\nLoadState=loaded\nOnFailure=tell.service\n",
  "alerts.handlers": "Id=tell.service\nLoadState=loaded\nResult=success\n",
  "alerts.work": "unit tell.service\nsends mail:remote\ndone\n",
  "alerts.cron": "daemon cron\nsystemd\n",
  "alerts.requests": "log /var/log/nginx/access.log\n",
};

/** What is read of the good host with other frames. */
export function alerts(changes: Frames = {}): Alerts {
  const frames = Object.entries({ ...good, ...changes }).map(([name, text]) => [name, text] as const);
  return value(read(output(frames)), "alerts") as Alerts;
}
