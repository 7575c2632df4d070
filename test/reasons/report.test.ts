import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundleFromHostFile } from "#audit/host-file.ts";
import { openJudge } from "#audit/judge.ts";
import { failed, notAttempted } from "#model/attempt.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import type { Report } from "#model/report.ts";
import { renderHtml } from "#report/html.ts";
import { renderJson } from "#report/json.ts";
import { sampleBundle } from "../audit/sample-bundle.ts";
import { templates } from "../report/templates.ts";

const folder = join(import.meta.dirname, "..", "..");
const judge = openJudge({ rules: join(folder, "rules"), added: [], profile: "standard", toolVersion: "0.1.0" });
const now = new Date("2026-11-22T06:00:00Z");

function bundleOf(capture: string): EvidenceBundle {
  const { target, policy, tool } = sampleBundle();
  const bytes = readFileSync(join(folder, "fixtures", "captures", "host", `${capture}.txt`));
  const options = { target, policy, tool, timezone: "Asia/Tokyo", modifiedAt: now, randomHex: () => "00" };
  return bundleFromHostFile(capture, bytes, options);
}

/** Parts of the Japanese of a text that are of several English words, but for what the host itself said. */
function english({ ja }: { readonly ja: string }): readonly string[] {
  return ja.match(/[a-z]{2,} [a-z']{2,} [a-z]{2,}/g) ?? [];
}

function reasonsOf({ findings, limits }: Report) {
  return [...findings.flatMap(({ gaps }) => gaps.map(({ reason }) => reason)), ...limits];
}

describe("a report on a host that hides much", () => {
  test.each(["debian-12/nobody", "fail2ban-1.0.2/alerts-viewer", "systemd-252/backups-viewer", "outbound/ops"])(
    "%s says why in Japanese",
    (capture) => {
      const report = judge(bundleOf(capture), now);
      const reasons = reasonsOf(report);
      expect(reasons.length).toBeGreaterThan(10);
      expect(reasons.flatMap(english)).toEqual([]);
      expect(reasons.filter(({ en, ja }) => en === ja)).toEqual([]);
    },
  );

  test("tells what the login lacks in both languages", () => {
    const { findings } = judge(bundleOf("debian-12/nobody"), now);
    const [gap] = findings.flatMap(({ gaps }) => gaps).filter(({ path }) => path.startsWith("host.ssh"));
    expect(gap?.reason.en).toMatch(/needs root, and sudo does not allow it without a password/);
    expect(gap?.reason.ja).toMatch(/root 権限が必要ですが、パスワードなしの sudo では許可されていません/);
  });
});

describe("attempts that saw nothing", () => {
  const look = (kind: string, attempt: Evidence["attempt"]): Evidence => ({
    kind,
    vantage: "host",
    attempt,
    startedAt: "2026-11-22T01:00:00.000Z",
    durationMs: 1,
    method: "sh",
  });
  const report = judge(
    sampleBundle({
      vantages: [{ id: "host", role: "inside", via: "ssh2", addresses: [], notes: [] }],
      evidence: [
        look("memory", failed("denied", "needs root, and sudo does not allow it without a password")),
        look(
          "clock",
          notAttempted(
            "no SSH login was given; give --ssh user@host, or let the owner run the output of sekisho script",
          ),
        ),
      ],
    }),
    now,
  );
  const page = renderHtml(report, { locale: "ja", templates });

  test("are listed in both languages, and stand behind their findings in both", () => {
    const ja = "root 権限が必要ですが、パスワードなしの sudo では許可されていません";
    const en = "needs root, and sudo does not allow it without a password";
    expect(page).toContain(`<dd><bdi lang="ja">${ja}</bdi><bdi lang="en">${en}</bdi></dd>`);
    expect(page).toContain(`<bdi lang="ja">失敗: ${ja}</bdi><bdi lang="en">failed: ${en}</bdi>`);
    expect(page).toContain("SSH ログインの指定がありません。--ssh user@host を指定するか、");
  });

  test("stay English in report.json", () => {
    const { attempts } = JSON.parse(renderJson(report)) as Report;
    expect(attempts.map(({ detail }) => detail)).toEqual([
      "needs root, and sudo does not allow it without a password",
      "no SSH login was given; give --ssh user@host, or let the owner run the output of sekisho script",
    ]);
  });
});
