import { createHash } from "node:crypto";
import type { Attestor } from "#model/attestation.ts";
import type { ReportedStatement } from "#model/report.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** Who may state things about the sample server. */
export const attestors: readonly Attestor[] = [
  {
    name: "佐藤 恵",
    role: "情報システム部長",
    key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFuIGV4YW1wbGU7IHB1dCB5b3VyIG93biBpbiBoZXJl",
  },
];

const base: ReportedStatement = {
  requirement: "BKP-6",
  claim: {
    en: "On the day stated OpenClaw's data and settings were really restored from a backup, and OpenClaw ran with them.",
    ja: "記載の日に、OpenClawのデータと設定をバックアップから実際に復旧し、動作することを確認しました。",
  },
  target: "claw-01",
  holds: true,
  by: { name: "佐藤 恵", role: "情報システム部長" },
  on: "2026-09-30",
  from: "2026-10-01",
  until: "2027-09-30",
  countsUntil: "2027-03-30",
  evidence: { name: "restore-2026-09-30.log", sha256: digest("restore"), bytes: 18_231 },
  signature: "valid",
  key: "SHA256:6ERUIWd+hJIqiFzwU2qiORxmbRzgsKEQyb1+PJBuLfs",
  state: "counted",
  attempt: "attested/restoreTest",
};
const { evidence: _evidence, key: _key, ...bare } = base;

/** Statements of each standing. */
export const statements: readonly ReportedStatement[] = [
  {
    ...bare,
    requirement: "BKP-5",
    claim: {
      en: "On the day stated a snapshot of this whole VPS was taken and completed.",
      ja: "記載の日に、このVPS全体のスナップショットを取得し、完了したことを確認しました。",
    },
    on: "2026-09-01",
    from: "2026-09-01",
    until: "2026-10-08",
    countsUntil: "2026-10-08",
    key: "SHA256:6ERUIWd+hJIqiFzwU2qiORxmbRzgsKEQyb1+PJBuLfs",
    state: "expired",
    reason: {
      en: "the statement by 佐藤 恵 of 2026-09-01 expired on 2026-10-08",
      ja: "佐藤 恵 による2026-09-01の証明は、2026-10-08に有効期限が切れています",
    },
    attempt: "attested/monthlySnapshot",
  },
  base,
  {
    ...base,
    holds: false,
    on: "2026-06-30",
    until: "2026-12-30",
    countsUntil: "2026-12-30",
    state: "superseded",
    reason: { en: "a later statement takes its place", ja: "より新しい証明があります" },
  },
  {
    ...bare,
    requirement: "PAT-5",
    claim: {
      en: "In the provider's console I saw that snapshots or backups of this VPS are switched on.",
      ja: "事業者の管理画面で、このVPSのスナップショットまたはバックアップが有効であることを確認しました。",
    },
    signature: "absent",
    state: "refused",
    reason: {
      en: "the statement by 佐藤 恵 of 2026-09-30 is not signed",
      ja: "佐藤 恵 による2026-09-30の証明は、署名がありません",
    },
    attempt: "attested/providerSnapshots",
  },
];
