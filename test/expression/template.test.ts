import { describe, expect, test } from "vitest";
import { fillTemplate, templateProblems, templateReads } from "#expression/template.ts";
import { compiled } from "./compiled.ts";

const rule = compiled("network.ssh.all(s, s.users.all(u, !('password' in u.methods)))");
const wording = { unknown: "unknown", separator: ", ", printable: (text: string) => text.replace("\u001b", "?") };

describe("placeholders are checked", () => {
  test.each<readonly [string, RegExp, string | undefined]>([
    ["{{s.prot}}", /has no field "prot"/, 'did you mean "port"?'],
    ["{{x.port}}", /unknown name "x"/, undefined],
    ["{{s.port|gb}}", /unknown filter "gb"/, 'did you mean "gib"?'],
    ["{{s.address|gib}}", /gib is for integers/, undefined],
    ["{{s}}", /no text of its own/, undefined],
    ["{{network.ssh}}", /no text of its own/, undefined],
    ["{{host.cpu.cores.x}}", /a int has no field/, undefined],
    ["{{}}", /unknown name ""/, undefined],
  ])("%s", (template, message, hint) => {
    const [problem] = templateProblems(`a ${template}`, rule);
    expect(problem?.message).toMatch(message);
    expect(problem).toMatchObject({ offset: 2, length: template.length });
    if (hint !== undefined) expect(problem?.hint).toBe(hint);
  });

  test("what is right passes, and says what it reads", () => {
    const template = "{{ s.address }}:{{s.port}} {{u.methods}} {{host.memory.totalBytes | gib}}";
    expect(templateProblems(template, rule)).toEqual([]);
    expect(templateReads(template, rule)).toEqual([
      "network.ssh[].address",
      "network.ssh[].port",
      "network.ssh[].users[].methods",
      "host.memory.totalBytes",
    ]);
  });

  test("a variable that not every failing element has is not there", () => {
    const both = compiled("network.ssh.all(s, s.port > 1) && network.tls.all(t, t.port > 1)");
    expect(templateProblems("{{s.port}}", both)).toHaveLength(1);
    const one = compiled("policy.severalTeams || network.ssh.all(s, s.port > 1)");
    expect(templateProblems("{{s.port}}", one)).toEqual([]);
    expect(templateProblems("{{s.port}}", compiled("!network.ssh.exists(s, s.port > 1)"))).toHaveLength(1);
  });
});

test.each([
  ["{{s.address}}:{{s.port}} offers {{ u.methods }}", "192.0.2.1:22 offers publickey, password"],
  ["{{host.memory.totalBytes|gib}}", "3.8 GiB"],
  ["{{host.cpu.cores}} cores", "unknown cores"],
  ["{{s.banner}}", "?[31m{{s.port}}"],
  ["{{host.firewall.active}}", "false"],
  ["no { placeholder }", "no { placeholder }"],
])("%s becomes %s", (template, expected) => {
  const user = { user: "root", methods: ["publickey", "password"] };
  const server = { address: "192.0.2.1", port: 22, users: [user], banner: "\u001b[31m{{s.port}}" };
  const witness = {
    bindings: [
      { variable: "s", element: server },
      { variable: "u", element: user },
    ],
  };
  const facts = { host: { memory: { totalBytes: 4112000000 }, firewall: { active: false } } };
  expect(fillTemplate(template, { facts, witness }, wording)).toBe(expected);
});
