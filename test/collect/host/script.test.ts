import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { hostScript, scriptDigest } from "#collect/host/script.ts";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { captured } from "./capture.ts";

const boundary = "abcdef0123456789";
const script = hostScript({ boundary, sshUsers: ["root", "ops", "a,b", "x y"], container: "claw'; touch /x; '" });

/** The script without comments, and without what stands in single quotes: programs of awk and sed. */
const code = script
  .split("\n")
  .filter((line) => !/^\s*#/.test(line))
  .join("\n")
  .replaceAll(`'"'"'`, "")
  .replace(/'\\''/g, "")
  .replace(/'[^']*'/g, "''");

describe("the script", () => {
  test("redirects to nothing but /dev/null and its own streams", () => {
    const targets = [...code.matchAll(/(?<!<)>+\|?\s*("?[^\s;|)&]+|&\d)/g)].map((match) => match[1]);
    expect(targets.filter((target) => target !== "/dev/null" && target !== "&1" && target !== "&2")).toEqual([]);
  });

  test("lets no program of awk write a file", () => {
    const programs = script.split("'").join("\n");
    const redirected = programs.match(/\bprintf?\b[^;{}()\n]*>(?!=)[^;{}()\n]*/g) ?? [];
    expect(redirected.filter((line) => !line.includes("2> /dev/null"))).toEqual([]);
  });

  test.each(
    "mktemp tee rm rmdir mv cp ln chmod chown touch mkdir dd kill pkill killall install truncate curl wget nc reboot shutdown service apt apt-get".split(
      " ",
    ),
  )("does not call %s", (word) => {
    expect(code).not.toMatch(new RegExp(`(^|[\\s;|&({])${word}(\\s|$)`, "m"));
  });

  test.each(["start", "stop", "restart", "reload", "enable", "disable", "run", "exec", "rm", "flush", "delete"])(
    "asks no daemon to %s",
    (word) => {
      expect(code).not.toMatch(new RegExp(`(systemctl|docker|nft|ufw|ask_docker) ([-\\w=]+ )*${word}\\b`));
    },
  );

  test("has no here-document", () => {
    expect(code).not.toContain("<<");
  });

  test("quotes its parameters", () => {
    const head = script.split("\n").slice(0, 4).join("\n");
    const run = spawnSync("sh", ["-c", `${head}\nprintf '%s|%s|%s' "$boundary" "$ssh_users" "$container"`], {
      encoding: "utf8",
    });
    expect(run.stdout).toBe(`${boundary}|root ops|claw'; touch /x; '`);
  });

  test("does nothing when it was cut short", () => {
    const cut = spawnSync("sh", ["-s"], { input: script.slice(0, script.lastIndexOf("main")), encoding: "utf8" });
    expect(cut.stdout).toBe("");
  });

  test("is told by its digest", () => {
    expect(scriptDigest()).toMatch(/^[0-9a-f]{64}$/);
  });
});

test("the sudoers rule names no wildcard, and each command the script ran", () => {
  const rule = sudoersRule("ops");
  expect(rule).not.toMatch(/[^\\][*?[]/);
  expect(rule).toContain("ops ALL=(root) NOPASSWD: SEKISHO");
  expect(rule).toContain("/usr/bin/timeout -k 1 10 /usr/sbin/sshd -T -ddd,");
  const asked = [...rule.matchAll(/sshd -T -ddd -C ([^\n]*?)(?:, \\)?$/gm)].map((match) =>
    (match[1] ?? "").replaceAll("\\", ""),
  );
  const question = /frame "sshd\.\$instance\.user" sshd_ask "\$options" "([^"]*)"/.exec(script)?.[1] ?? "";
  expect(asked).toEqual(["root", "sekisho-no-such-user", "ops"].map((user) => question.replace("$user", user)));
  expect(script).toContain('user = "sekisho-no-such-user"; host = "host.invalid"; address = "192.0.2.1"');
  expect(rule).toContain("/usr/bin/journalctl --header --no-pager");
  expect(script).toContain("as_root journalctl --header --no-pager");
  expect(() => sudoersRule("ops ALL")).toThrow();
  expect(() => sudoersRule("ops", "claw *")).toThrow();
  const inspect = /docker -H unix\\:\/\/\/run\/docker\.sock inspect --format (.+?)(?:, \\)?$/m.exec(
    sudoersRule("ops", "claw"),
  )?.[1];
  const format = /^container_format='(.*)'$/m.exec(script)?.[1];
  expect(inspect?.replaceAll("\\", "")).toBe(`${format} claw`);
  expect(script).toContain('ask_docker inspect --format "$container_format" "$container"');
});

test("no capture holds a token of the configuration", () => {
  expect(captured("debian-12/root").toString()).not.toMatch(/token["']?\s*[:=]\s*["'][^"']/i);
});
