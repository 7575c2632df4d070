import { expect, test } from "vitest";
import { withoutFolders } from "#audit/local-paths.ts";

test.each([
  ["tried SHA256:ab/cd+e (/home/hanako/.ssh/id_ed25519)", "tried SHA256:ab/cd+e (id_ed25519)"],
  ["ssh-add ~/.ssh/id_rsa, then again", "ssh-add id_rsa, then again"],
  [
    "remove it with `ssh-keygen -R host -f /home/hanako/known_hosts`",
    "remove it with `ssh-keygen -R host -f known_hosts`",
  ],
  ["it offers publickey/password", "it offers publickey/password"],
  ["ssh://ops@claw.example.jp/ refused", "ssh://ops@claw.example.jp/ refused"],
  ["--identity=/srv/keys/audit", "--identity=audit"],
])("%s", (text, wanted) => {
  expect(withoutFolders(text)).toBe(wanted);
});
