import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectScript } from "#collect/host/script.ts";

const manifest = '{\n  "name": "openclaw",\n  "version": "2026.9.5"\n}\n';
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Functions and constants of the host script, by name, with what the script would have found out about its login. */
function parts(...names: readonly string[]): string {
  const script = collectScript();
  const found = names.map((name) => {
    const [text] = new RegExp(`^${name}(?:\\(\\) \\{[\\s\\S]*?^\\}|='[\\s\\S]*?'$)`, "m").exec(script) ?? [];
    return text ?? expect.fail(`the script has no ${name}`);
  });
  return ["privilege=root sudo_all=yes limit='timeout -k 1 5'", ...found].join("\n");
}

const functions = parts(
  "limited",
  "as_root",
  "file_facts",
  "plain_file",
  "package_filter",
  "changed_at",
  "package_text",
  "package_file",
  "contained_package",
);

/** What a call prints, and whether a pipe at the end of a link was opened: its writer goes on then. */
function call(shell: readonly string[], text: string): string {
  const [program = "sh", ...args] = shell;
  const ended = spawnSync(program, [...args, "-c", `${functions}\n${text}`], { encoding: "utf8", timeout: 20_000 });
  return ended.stdout;
}

const shells: [string, ...string[]][] = [["dash"], ["bash", "--posix"], ["busybox", "sh"]];

describe.each(shells)("by %s, a package", (...shell) => {
  test("is read where its file is plain", () => {
    writeFileSync(join(folder, "package.json"), manifest);
    expect(call(shell, `package_file ${folder}/package.json 0`)).toMatch(/^package 2026\.9\.5 \d+\n$/);
    mkdirSync(join(folder, "root/usr/local/lib/node_modules/openclaw"), { recursive: true });
    writeFileSync(join(folder, "root/usr/local/lib/node_modules/openclaw/package.json"), manifest);
    const place = "usr/local/lib/node_modules/openclaw";
    expect(call(shell, `contained_package ${folder}/root ${place}`)).toMatch(/^package 2026\.9\.5 \d+\n$/);
  });

  test("that is a pipe is not opened, and none of the kernel's own files is", () => {
    spawnSync("mkfifo", [join(folder, "package.json")]);
    const writer = `(echo released > ${folder}/package.json; echo opened > ${folder}/told) & writer=$!`;
    const look = `package_file ${folder}/package.json 0; echo $?; kill $writer; ls ${folder}`;
    expect(call(shell, `${writer}\nsleep 0.3\n${look}`)).toBe("1\npackage.json\n");
    symlinkSync("/dev/zero", join(folder, "zero"));
    expect(call(shell, `package_file ${folder}/zero 0; echo $?`)).toBe("1\n");
  });

  test("of a container is not read through a link, which would lead into the host's own tree", () => {
    writeFileSync(join(folder, "package.json"), manifest);
    mkdirSync(join(folder, "root/app"), { recursive: true });
    symlinkSync(join(folder, "package.json"), join(folder, "root/app/package.json"));
    symlinkSync(folder, join(folder, "root/other"));
    for (const place of ["app", "other"]) {
      expect(call(shell, `contained_package ${folder}/root ${place}; echo $?`)).toBe("1\n");
    }
  });
});
