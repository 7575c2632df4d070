import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { profileId, provision } from "./layer-profile.ts";
import { layers } from "./layers.ts";
import type { Profile } from "./profile.ts";
import { LabError, until } from "./run.ts";

let lowers: readonly string[];
beforeAll(async () => {
  lowers = await layers("base");
}, 1_800_000);

let folder: string;
let profile: Profile;
let draft: string;
beforeEach(() => {
  // An overlay cannot write into a tmpfs on every kernel.
  folder = mkdtempSync("/var/tmp/lab-profile-");
  draft = join(folder, "draft");
  mkdirSync(join(draft, "root"), { recursive: true });
  profile = {
    name: "test",
    title: "Test",
    folder: join(folder, "profile"),
    layers: ["base"],
    parent: undefined,
    login: "ops",
    nspawn: [],
    docker: false,
    ready: undefined,
    policy: undefined,
    states: [],
    expect: { fail: [], unknown: [], notchecked: [], remark: [] },
  };
  mkdirSync(profile.folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o644): void {
  const path = join(profile.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

const inLayer = (path: string) => join(draft, "root", path);
const modeOf = (path: string) => (lstatSync(inLayer(path)).mode & 0o7777).toString(8);

test("a profile's files and what its script does become its layer, and nothing else", async () => {
  write("files/usr/local/bin/tool", "#!/bin/sh\n", 0o755);
  write("files/etc/nginx/sites-enabled/default", "server {}\n");
  write("files/root/note", "a folder keeps its mode\n");
  symlinkSync("/usr/local/bin/tool", join(profile.folder, "files/usr/local/bin/alias"));
  write(
    "provision.sh",
    "#!/bin/sh\nset -eu\nuseradd ops\nopenssl x509 -in /lab/ca.crt -noout\n" +
      "test -s /lab/ca.key\ninstall -m 600 /lab/key.pub /root/keys\nvisudo -cf /lab/sudoers\n! ip route | grep default\n",
  );
  await provision(profile, lowers, draft);
  expect(readdirSync(draft)).toEqual(["root"]);
  expect([modeOf("usr/local/bin/tool"), modeOf("root/keys"), modeOf("root")]).toEqual(["755", "600", "700"]);
  expect(lstatSync(inLayer("usr/local/bin/alias")).isSymbolicLink()).toBe(true);
  // The link that Debian has there was not written through.
  expect(lstatSync(inLayer("etc/nginx/sites-enabled/default")).isFile()).toBe(true);
  expect(readdirSync(inLayer("etc/nginx"))).toEqual(["sites-enabled"]);
  expect(readFileSync(inLayer("etc/passwd"), "utf8")).toContain("\nops:");
  expect(readdirSync(inLayer("lab")).sort()).toEqual(["ca.crt", "key.pub", "sudoers"]);
  expect(readdirSync(inLayer("")).sort()).toEqual(
    ["etc", "home", "lab", "root", "usr"].filter((each) => each !== "home"),
  );
});

test("a failing script is told with its line and what it wrote", async () => {
  write(
    "provision.sh",
    "#!/bin/sh\nset -eu\n\nmake() {\n  echo 'no rule to make it' >&2\n  grep -q sense /etc/motd-of-nowhere\n}\nmake\n",
  );
  const error = await provision(profile, lowers, draft).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ message: "provision.sh of the profile test ended with 2" });
  expect((error as LabError).hint?.split("\n")).toEqual([
    "no rule to make it",
    expect.stringContaining("No such file or directory"),
    "provision.sh: line 6: ended with 2: grep -q sense /etc/motd-of-nowhere",
  ]);
});

test("its key follows whatever goes into it", async () => {
  const keys = new Set<string>();
  const fresh = async (below = "below") => {
    const { key } = await profileId(profile, below);
    const isNew = !keys.has(key);
    keys.add(key);
    return isNew;
  };
  expect(await fresh()).toBe(true);
  expect(await fresh()).toBe(false);
  expect(await fresh("another")).toBe(true);
  write("provision.sh", "true\n");
  expect(await fresh()).toBe(true);
  write("files/etc/motd", "hello\n");
  expect(await fresh()).toBe(true);
  chmodSync(join(profile.folder, "files/etc/motd"), 0o755);
  expect(await fresh()).toBe(true);
  symlinkSync("motd", join(profile.folder, "files/etc/link"));
  expect(await fresh()).toBe(true);
  write("first-boot.sh", "true\n");
  expect(await fresh()).toBe(false);
});

test("a killed builder takes its processes and mounts along", async () => {
  // Told from others' by its fraction.
  const long = `3600.${process.pid}`;
  write("provision.sh", `sleep ${long}\n`);
  const script = `
    const { provision } = await import(${JSON.stringify(join(import.meta.dirname, "layer-profile.ts"))});
    await provision(${JSON.stringify(profile)}, ${JSON.stringify(lowers)}, ${JSON.stringify(draft)});`;
  const builder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ours = () => tablesOf("cmdline").some((each) => each === `sleep\0${long}\0`);
  const mounted = () => tablesOf("mountinfo").some((each) => each.includes(`upperdir=${draft}/`));
  await until("the script to run", ours);
  expect(mounted()).toBe(true);
  builder.kill("SIGKILL");
  await once(builder, "close");
  await until("the script to end", () => !ours());
  await until("the mounts to go", () => !mounted());
});

/** One file of /proc of every process. */
function tablesOf(file: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^[0-9]+$/u.test(pid)) return [];
    try {
      return [readFileSync(join("/proc", pid, file), "utf8")];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}
