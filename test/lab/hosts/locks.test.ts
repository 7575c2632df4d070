import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lock, withLock } from "./locks.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-locks-"));
  file = join(folder, "deep", "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("one at a time has an exclusive lock", async () => {
  let [inside, most] = [0, 0];
  const work = () =>
    withLock(file, {}, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, work));
  expect([most, inside]).toEqual([1, 0]);
});

test("several have a shared lock, and none beside an exclusive one", async () => {
  const shared = await Promise.all([1, 2].map(() => lock(file, { kind: "shared" })));
  await expect(lock(file, { timeoutMs: 50, what: "the thing" })).rejects.toThrow("the thing is busy");
  for (const each of shared) await each.release();
  const exclusive = await lock(file);
  await expect(lock(file, { kind: "shared", timeoutMs: 50 })).rejects.toThrow("is busy");
  await exclusive.release();
});

test("is free again once its holder was killed", async () => {
  const script = `
    const { lock } = await import(${JSON.stringify(join(import.meta.dirname, "locks.ts"))});
    await lock(${JSON.stringify(file)});
    console.log("held");
    setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  await expect(lock(file, { timeoutMs: 50 })).rejects.toThrow("is busy");
  holder.kill("SIGKILL");
  await (await lock(file)).release();
});

test("is not held on a file that was removed while waiting for it", async () => {
  const first = await lock(file);
  const second = lock(file);
  rmSync(join(folder, "deep"), { recursive: true });
  await first.release();
  const held = await second;
  await expect(lock(file, { timeoutMs: 50 })).rejects.toThrow("is busy");
  await held.release();
});
