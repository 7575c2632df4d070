import { accessTexts } from "./access-texts.ts";
import { alertTexts } from "./alert-texts.ts";
import { auditTexts } from "./audit-texts.ts";
import { backupTexts } from "./backup-texts.ts";
import type { Entry } from "./entry.ts";
import { httpTexts } from "./http-texts.ts";
import { logTexts } from "./log-texts.ts";
import { loginTexts } from "./login-texts.ts";
import { networkTexts } from "./network-texts.ts";
import { openclawTexts } from "./openclaw-texts.ts";
import { outboundTexts } from "./outbound-texts.ts";
import { preflightTexts } from "./preflight-texts.ts";
import { runTexts } from "./run-texts.ts";
import { sshTexts } from "./ssh-texts.ts";
import { tlsTexts } from "./tls-texts.ts";
import { vantageTexts } from "./vantage-texts.ts";
import { webTexts } from "./web-texts.ts";

/** Every reason that what looks may write, in both languages. */
export const entries: readonly Entry[] = [
  ...runTexts,
  ...accessTexts,
  ...webTexts,
  ...openclawTexts,
  ...logTexts,
  ...backupTexts,
  ...alertTexts,
  ...outboundTexts,
  ...networkTexts,
  ...sshTexts,
  ...vantageTexts,
  ...tlsTexts,
  ...httpTexts,
  ...loginTexts,
  ...preflightTexts,
  ...auditTexts,
];
