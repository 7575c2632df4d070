import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lab, start, useOwnLab } from "./own-lab.ts";
import { equipment } from "./places.ts";

useOwnLab();
const cli = [process.execPath, join(equipment, "hosts/cli.ts")];

describe("with a host that is up", () => {
  beforeAll(async () => {
    const { code, output } = await lab("up", "t-cli", "--profile", "plain", "--ready").ended;
    expect(output).toMatch(/^t-cli up after [\d.]+ s: t-cli\.lab\.test, 10\.83\.1\.1, fd83::1:1, profile plain$/mu);
    expect(code).toBe(0);
  });

  test.each([
    { args: ["exec", "t-cli", "--", "sh", "-c", "hostname; exit 7"], code: 7, output: "t-cli\n" },
    { args: ["exec", "t-cli", "hostname"], code: 0, output: "t-cli\n" },
    { args: ["from", "office", "--", "getent", "ahostsv4", "t-cli.lab.test"], code: 0, output: /^10\.83\.1\.1\s/u },
    { args: ["from", "internet", "--", "false"], code: 1, output: "" },
    {
      args: ["list"],
      code: 0,
      output: /^t-cli +plain +10\.83\.1\.1 +fd83::1:1 +\S+ +up\nservices: control .*internet /mu,
    },
    { args: ["up", "t-cli"], code: 1, output: /t-cli is up already, with profile plain/u },
    { args: ["exec", "t-other", "true"], code: 1, output: /host t-other does not run/u },
    {
      args: ["break", "t-other", "x"],
      code: 64,
      output: /no host "t-other"\n {2}known here: t-cli|did you mean "t-cli"/u,
    },
    { args: ["break", "t-cli", "ssh-password-drop-inn"], code: 64, output: /did you mean "ssh-password-drop-in"\?/u },
  ])("$args", async ({ args, code, output }) => {
    const ended = await lab(...args).ended;
    expect(ended.output).toEqual(typeof output === "string" ? output : expect.stringMatching(output));
    expect(ended.code).toBe(code);
  });

  test("break breaks it as the fault says", async () => {
    const { code, output } = await lab("break", "t-cli", "ssh-password-drop-in").ended;
    expect(output).toContain("ssh-password-drop-in is made for profile hardened, and t-cli has plain");
    expect(code).toBe(0);
    const { output: settings } = await lab("exec", "t-cli", "cat", "/etc/ssh/sshd_config.d/00-vendor.conf").ended;
    expect(settings).toBe("PasswordAuthentication yes\n");
  });

  test("a reader that leaves early does no harm", async () => {
    const { code, output } = await start(["sh", "-c", '"$@" | true; echo done', "sh", ...cli, "list"]).ended;
    expect({ code, output }).toEqual({ code: 0, output: "done\n" });
  });

  test("down and clean take it away and may be said twice", async () => {
    expect(await lab("down", "t-cli").ended).toEqual({ code: 0, output: "down: t-cli\n" });
    expect(await lab("down", "t-cli").ended).toEqual({ code: 0, output: "down: t-cli\n" });
    for (const _ of [1, 2])
      expect(await lab("clean").ended).toEqual({ code: 0, output: "clean: there were no hosts\n" });
    expect((await lab("list").ended).output).toBe("there are no hosts\nservices: none\n");
  });
});

describe("says what is wrong, and what to do", () => {
  test.each([
    { args: ["up", "Web_1"], code: 64, output: /"Web_1" cannot be a host's name/u },
    { args: ["up", "t-x", "--profile", "hardend"], code: 64, output: /did you mean "hardened"\?/u },
    { args: ["dwn", "t-x"], code: 64, output: /unknown command 'dwn'\n\(Did you mean down\?\)/u },
    { args: ["from", "mars", "true"], code: 64, output: /office, internet/u },
    { args: ["--help"], code: 0, output: /Exit codes:/u },
  ])("$args", async ({ args, code, output }) => {
    const ended = await lab(...args).ended;
    expect(ended.output).toMatch(output);
    expect(ended.code).toBe(code);
  });

  test("to others than root", async () => {
    const ended = await start([...cli, "up", "t-x"], { uid: 65534, gid: 65534 }).ended;
    expect(ended).toEqual({
      code: 77,
      output: expect.stringMatching(/needs root: .*\n {2}run the same command with sudo/u),
    });
  });

  test("of a state folder that names no lab", async () => {
    const env = { ...process.env, SEKISHO_LAB: "/etc" };
    expect(await start([...cli, "clean"], { env }).ended).toMatchObject({
      code: 64,
      output: expect.stringContaining("SEKISHO_LAB=/etc: the folder must be called sekisho-NAME"),
    });
  });

  describe("of a program that is missing", () => {
    let empty: string;
    beforeAll(() => {
      empty = mkdtempSync(join(tmpdir(), "lab-path-"));
    });
    afterAll(() => rmSync(empty, { recursive: true }));

    test("naming its Debian package", async () => {
      const env = { ...process.env, PATH: empty };
      const output = expect.stringMatching(/systemd-nspawn is not installed\n {2}apt-get install systemd-container/u);
      expect(await start([...cli, "up", "t-x", "--profile", "plain"], { env }).ended).toEqual({ code: 69, output });
    });
  });
});
