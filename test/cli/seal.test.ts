import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sampleBundle } from "../audit/sample-bundle.ts";
import { scratch, sekisho } from "./run.ts";

test("a report is signed as it is judged or afterwards, and verified", async () => {
  const cwd = scratch();
  const evidence = join(cwd, "evidence.json");
  writeFileSync(evidence, JSON.stringify(sampleBundle()));
  const made = await sekisho(["keygen", "--out", "ours.key"], { cwd });
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/ours\.key\.pub[\s\S]*[0-9a-f]{64}/)]);
  const judged = await sekisho(["evaluate", evidence, "--out", "judged", "--sign", "ours.key"], { cwd });
  expect(judged.stderr).toMatch(/report\.intoto\.json/);
  const signed = await sekisho(
    ["sign", join("judged", "report.json"), "--evidence", join("judged", "judged-evidence.json"), "--key", "ours.key"],
    { cwd },
  );
  expect(signed.code).toBe(0);
  const verified = await sekisho(["verify", "judged/report.intoto.json", "--key", "ours.key.pub", "--lang", "ja"], {
    cwd,
  });
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/✓ 同じ証跡を判定し直し、同一の報告書/)]);
  writeFileSync(join(cwd, "judged", "judged-evidence.json"), "{}");
  const altered = await sekisho(["verify", "judged/report.intoto.json", "--key", "ours.key.pub"], { cwd });
  expect([altered.code, altered.stdout]).toEqual([1, expect.stringMatching(/✕ judged-evidence\.json: changed/)]);
  const missing = await sekisho(["verify", "nowhere.json", "--key", "ours.key.pub"], { cwd });
  expect([missing.code, missing.stderr]).toEqual([64, expect.stringMatching(/nowhere\.json cannot be read/)]);
});
