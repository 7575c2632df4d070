import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runLimits } from "../../net/session/ssh-server.ts";
import { useLab } from "./lab.ts";
import { knownLine, postQuantum, said, startAgent } from "./sshd.ts";

const { folder, at, users, opened, sshd, known, target, options, open, problem } = useLab("sklab");

describe("logins", () => {
  test.each([users.plain, users.fish])("%s runs sh", async (user) => {
    const { port } = await sshd();
    const session = await open(target(port, { user }), options(known(knownLine(port, at("host-a.pub")))));
    expect(session.via).toBe("ssh2");
    expect(await said(session, "a=1; [ $a = 1 ] && id -un\n")).toBe(`${user}\n`);
  });

  test.each([
    ["ssh2", []],
    ["the system's ssh", postQuantum],
  ])("nologin and a forced command are told apart, by %s", async (_, settings) => {
    const { port } = await sshd([...settings, `Match User ${users.forced}`, "ForceCommand echo nothing here"]);
    const file = known(knownLine(port, at("host-a.pub")));
    const closed = await problem(target(port, { user: users.nologin }), options(file));
    expect(closed).toMatchObject({ code: "no-shell", message: expect.stringContaining("not available") });
    const forced = await problem(target(port, { user: users.forced }), options(file));
    expect(forced).toMatchObject({ code: "forced-command", message: expect.stringContaining("nothing here") });
  });

  test.each(["/bin/cat", "internal-sftp", "/bin/false", "/bin/sleep 100"])(
    "ForceCommand %s is no shell",
    async (command) => {
      const { port } = await sshd([`ForceCommand ${command}`]);
      const how = options(known(knownLine(port, at("host-a.pub"))), { timeoutMs: 3_000 });
      expect(["forced-command", "no-shell"]).toContain((await problem(target(port), how)).code);
    },
  );

  test("noise of .bashrc is passed over", async () => {
    const { port } = await sshd();
    const rc = `/home/${users.forced}/.bashrc`;
    writeFileSync(rc, "echo WELCOME; printf 'no end of line'\n");
    const session = await open(target(port, { user: users.forced }), options(known(knownLine(port, at("host-a.pub")))));
    for (const run of [1, 2]) expect(await said(session, `echo ours ${run}`)).toBe(`ours ${run}\n`);
  });

  test("a wrong key is refused once, and logged as no more than that", async () => {
    const server = await sshd();
    const how = options(known(knownLine(server.port, at("host-a.pub"))));
    const found = await problem(target(server.port, { identity: at("stranger") }), how);
    expect(found).toMatchObject({ code: "authentication", message: expect.stringContaining("it offers publickey") });
    expect(server.log()).not.toMatch(/Failed password|maximum authentication/);
  });

  test("an encrypted key needs an agent, and works with one", async () => {
    const { port } = await sshd();
    const how = options(known(knownLine(port, at("host-a.pub"))));
    const login = target(port, { identity: at("locked") });
    expect(await problem(login, how)).toMatchObject({
      code: "passphrase",
      hint: expect.stringContaining(`ssh-add ${at("locked")}`),
    });
    const agent = await startAgent(folder, [{ path: at("stranger") }, { path: at("locked"), passphrase: "secret" }]);
    opened.push(agent);
    const session = await open(login, { ...how, agentSocket: agent.socket });
    expect(session.via).toBe("ssh2");
  });

  test("the agent's keys are tried when none is named", async () => {
    const { port } = await sshd();
    const agent = await startAgent(folder, [{ path: at("stranger") }, { path: at("user") }]);
    opened.push(agent);
    const login = { host: "127.0.0.1", port, user: users.plain };
    const file = known(knownLine(port, at("host-a.pub")));
    await open({ ...target(port), ssh: login }, options(file, { agentSocket: agent.socket }));
  });

  test("AuthenticationMethods with a second factor is said", async () => {
    const { port } = await sshd(["PasswordAuthentication yes", "AuthenticationMethods publickey,password"]);
    const agent = await startAgent(folder, [{ path: at("user") }]);
    opened.push(agent);
    const file = known(knownLine(port, at("host-a.pub")));
    const named = await problem(target(port), options(file));
    const login = { host: "127.0.0.1", port, user: users.plain };
    const byAgent = await problem({ ...target(port), ssh: login }, options(file, { agentSocket: agent.socket }));
    for (const found of [named, byAgent]) {
      expect(found).toMatchObject({ code: "authentication", message: expect.stringContaining("on top of it") });
    }
  });
});

describe("the system's ssh", () => {
  test("reaches a server with post-quantum key exchange only", async () => {
    const { port } = await sshd(postQuantum);
    const session = await open(target(port), options(known(knownLine(port, at("host-a.pub")))));
    expect(session).toMatchObject({ via: "ssh", hostKeys: [expect.stringMatching(/^SHA256:/)] });
    expect(session.notes.join()).toContain("key exchange");
    for (const run of [1, 2]) expect(await said(session, `echo run ${run}`)).toBe(`run ${run}\n`);
    const result = await session.run("echo err >&2; exit 7", runLimits());
    expect(result).toMatchObject({ exitCode: 7, end: "exit", stderr: "err\n" });
  });

  test("is used for a user's certificate", async () => {
    const { port } = await sshd([`TrustedUserCAKeys ${at("authority.pub")}`]);
    const login = target(port, { user: users.certified, identity: at("certified") });
    const session = await open(login, options(known(knownLine(port, at("host-a.pub")))));
    expect(session.via).toBe("ssh");
    expect(await said(session, "id -un")).toBe(`${users.certified}\n`);
  });

  test("is used for a host certificate", async () => {
    copyFileSync(at("host-b"), at("host-c"));
    copyFileSync(at("host-b.pub"), at("host-c.pub"));
    execFileSync("/usr/bin/ssh-keygen", [
      "-q",
      "-s",
      at("authority"),
      "-I",
      "h",
      "-h",
      "-n",
      "127.0.0.1",
      at("host-c.pub"),
    ]);
    const { port } = await sshd([`HostCertificate ${at("host-c-cert.pub")}`], "host-c");
    const file = known(`@cert-authority [127.0.0.1]:${port} ${readFileSync(at("authority.pub"), "utf8")}`);
    expect((await open(target(port), options(file))).via).toBe("ssh");
  });

  test.each([
    ["unknown", () => "", false, "host-key-unknown"],
    ["changed, though accepted", (port: number) => knownLine(port, at("host-b.pub")), true, "host-key-changed"],
    ["revoked", (port: number) => knownLine(port, at("host-a.pub"), "@revoked "), true, "host-key-revoked"],
  ] as const)("refuses a host key that is %s", async (_, lines, acceptNewHostKey, code) => {
    const { port } = await sshd(postQuantum);
    const found = await problem(target(port), options(known(lines(port)), { acceptNewHostKey }));
    expect(found.code).toBe(code);
    expect(found.fingerprint).toMatch(/^SHA256:/);
  });

  test("accepts an unknown host key by its fingerprint alone, and writes nothing down", async () => {
    const { port } = await sshd(postQuantum);
    const file = known("");
    const shown = (await problem(target(port), options(file))).fingerprint ?? "";
    const other = `SHA256:${"A".repeat(43)}`;
    expect((await problem(target(port), options(file, { acceptNewHostKey: other }))).code).toBe("host-key-unknown");
    const session = await open(target(port), options(file, { acceptNewHostKey: shown }));
    expect(session.notes.join()).toContain(shown);
    expect(readFileSync(file, "utf8")).toBe("");
    expect(existsSync(at(".ssh"))).toBe(false);
  });

  test("says that no key was accepted", async () => {
    const { port } = await sshd(postQuantum);
    const how = options(known(knownLine(port, at("host-a.pub"))));
    expect((await problem(target(port, { identity: at("stranger") }), how)).code).toBe("authentication");
  });
});

describe("host keys", () => {
  test("a server that was set up anew is refused", async () => {
    const { port } = await sshd([], "host-b");
    expect((await problem(target(port), options(known(knownLine(port, at("host-a.pub")))))).code).toBe(
      "host-key-changed",
    );
  });

  test("a server known by its RSA key only is not taken for another", async () => {
    const { port } = await sshd([`HostKey ${at("host-rsa")}`]);
    await open(target(port), options(known(knownLine(port, at("host-rsa.pub")))));
  });

  test("hashed known_hosts, as ssh-keygen -H writes them", async () => {
    const { port } = await sshd();
    const file = known(knownLine(port, at("host-a.pub")));
    execFileSync("/usr/bin/ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
    expect(readFileSync(file, "utf8")).toContain("|1|");
    await open(target(port), options(file));
  });
});
