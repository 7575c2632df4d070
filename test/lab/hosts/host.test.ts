import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { down, exec, type LabHost, reboot, up } from "./host.ts";
import { ensureLoginKey } from "./keys.ts";
import { processesIn, stillRunning, traces } from "./machine.ts";
import { addresses, inNamespace, type Place } from "./network.ts";
import { useOwnLab } from "./own-lab.ts";
import { stateFolder } from "./places.ts";
import { attempt, run, until } from "./run.ts";

useOwnLab();

let one: LabHost;
let two: LabHost;
beforeAll(async () => {
  [one, two] = await Promise.all([up("t-one", "plain"), up("t-two", "plain")]);
});

/** The SSH host key an address shows to a place, asked anew until it answers. */
async function keyOf(address: string, from: Place): Promise<string> {
  const scan = inNamespace(from, ["ssh-keyscan", "-T", "5", "-t", "ed25519", address]);
  return await until(`sshd at ${address}`, async () => {
    const { stdout } = await attempt(scan);
    return / ssh-ed25519 (\S+)/u.exec(stdout)?.[1];
  });
}

async function said(host: LabHost, script: string): Promise<string> {
  const { code, stdout, stderr } = await exec(host, script);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout.trim();
}

describe("two hosts that were started at once", () => {
  test("have numbers and addresses of their own", () => {
    expect(new Set([one.index, two.index])).toEqual(new Set([1, 2]));
    expect(one.ipv4).toBe(`10.83.1.${one.index}`);
    expect(two.ipv6).toBe(`fd83::1:${two.index}`);
  });

  test.each(["office", "internet"] as const)(
    "each shows its own SSH key to the %s, on IPv4 and IPv6",
    async (place) => {
      const keys = await Promise.all([one.ipv4, one.ipv6, two.ipv4, two.ipv6].map((address) => keyOf(address, place)));
      const own = await Promise.all(
        [one, two].map((host) => said(host, "cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub")),
      );
      expect(keys).toEqual([own[0], own[0], own[1], own[1]]);
      expect(own[0]).not.toBe(own[1]);
    },
  );

  test("run systemd with nothing failed", async () => {
    for (const host of [one, two]) {
      expect(await said(host, "systemctl is-system-running --wait")).toBe("running");
      expect(await said(host, "systemctl list-units --failed --no-legend")).toBe("");
    }
  });

  test("are in cgroups of their own, in every hierarchy", () => {
    const inits = [one, two].map((host) => readFileSync(`/proc/${host.leader}/cgroup`, "utf8").trim().split("\n"));
    for (const [index, host] of [one, two].entries()) {
      // The memory hierarchy and others are told as seen from the group this test itself is in.
      for (const line of inits[index] ?? [])
        expect(line).toContain(`/sekisho-labtest/hosts/${host.name}/`.slice(0, -1));
    }
  });

  test("differ in machine-id, host name and certificate", async () => {
    const script =
      "cat /etc/machine-id; hostname; openssl x509 -in /etc/ssl/lab/fullchain.pem -noout -ext subjectAltName";
    const texts = await Promise.all([one, two].map((host) => said(host, script)));
    for (const [index, name] of ["t-one", "t-two"].entries()) {
      const lines = (texts[index] ?? "").split("\n").map((line) => line.trim());
      expect(lines[0]).toMatch(/^[0-9a-f]{32}$/u);
      expect(lines.slice(1)).toEqual([
        name,
        "X509v3 Subject Alternative Name:",
        `DNS:claw.${name}.lab.test, DNS:${name}.lab.test`,
      ]);
    }
    expect(texts[0]?.slice(0, 32)).not.toBe(texts[1]?.slice(0, 32));
    expect(await said(one, "stat -c %a:%U /etc/ssl/lab/key.pem")).toBe("600:root");
  });

  test("find each other by name", async () => {
    const found = (await said(one, "getent ahosts claw.t-two.lab.test")).split(/\s+/u);
    expect(found).toEqual(expect.arrayContaining([two.ipv4, two.ipv6]));
    const office = await run(inNamespace("office", ["getent", "ahosts", "t-one.lab.test"]));
    expect(office.split(/\s+/u)).toEqual(expect.arrayContaining([one.ipv4, one.ipv6]));
  });

  test("let the audit's key in over SSH, from the office by name", async () => {
    const { privateKey } = await ensureLoginKey();
    const options = [
      "-F",
      "none",
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "LogLevel=ERROR",
    ];
    const ssh = ["ssh", ...options, "-o", "IdentitiesOnly=yes", "-i", privateKey, "root@t-one.lab.test", "hostname"];
    expect(await attempt(inNamespace("office", ssh))).toEqual({ code: 0, stdout: "t-one\n", stderr: "" });
  });

  test("run nothing with rights over the machine's clock or its kernel's modules", async () => {
    // Only looked at: where it failed, trying would set the clock.
    const [setTime, loadModules] = [25n, 16n];
    for (const script of ["cat /proc/self/status", "cat /proc/1/status"]) {
      const sets = [...(await said(one, script)).matchAll(/^Cap(?:Prm|Eff|Bnd|Amb):\s+([0-9a-f]+)$/gmu)];
      expect(sets).toHaveLength(4);
      const all = sets.reduce((sum, [, set]) => sum | BigInt(`0x${set}`), 0n);
      expect([(all >> setTime) & 1n, (all >> loadModules) & 1n]).toEqual([0n, 0n]);
    }
  });
});

describe("what is run on a host", () => {
  test("gives its exit code and what it wrote", async () => {
    const outcome = await exec(one, "echo out; echo err >&2; exit 7");
    expect(outcome).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
  });

  test("may leave a program running that holds its output", async () => {
    expect(await exec(one, "sleep 600 & echo done")).toMatchObject({ code: 0, stdout: "done\n" });
  });

  test("is ended when it takes too long", async () => {
    await expect(exec(one, "sleep 599", { timeoutMs: 300 })).rejects.toThrow("still running after 300 ms");
    await until("the end of it", async () => (await exec(one, "pgrep --full --exact 'sleep 599'")).code === 1);
  });
});

test("the control listener greets from the router on IPv4 and IPv6", async () => {
  for (const address of [addresses.control.ipv4, addresses.control.ipv6]) {
    const script = `exec 3<>/dev/tcp/${address}/22; head -n1 <&3`;
    const banner = await run(inNamespace("internet", ["bash", "-c", script]), { timeoutMs: 20_000 });
    expect(banner).toMatch(/^SSH-2\.0-\S+/u);
  }
});

test("a host that is up is not started again", async () => {
  await expect(up("t-one", "plain")).rejects.toThrow("t-one is up already");
});

test("a reboot keeps what was written, and the address, and is no first boot", async () => {
  // An address is of the network's making, not of the disk's.
  await said(two, "echo kept > /root/note; ip address add 192.0.2.7/32 dev lo; journalctl --sync");
  const again = await reboot(two);
  expect(again).toEqual({ ...two, leader: again.leader });
  expect(again.leader).not.toBe(two.leader);
  expect(await said(again, "cat /root/note")).toBe("kept");
  expect(await said(again, "cat /root/first-boot")).toBe(`t-two ${two.ipv4} ${two.ipv6} active`);
  expect(await said(again, "ip -brief address show dev lo")).not.toContain("192.0.2.7");
  expect(await keyOf(again.ipv4, "office")).toBe(await keyOf(again.ipv6, "office"));
});

test("a host that is taken down leaves nothing, and the others stay", async () => {
  const processes = await processesIn(["labtest-h-t-two"]);
  expect(processes.length).toBeGreaterThan(5);
  await down(two);
  expect(await stillRunning(processes)).toEqual([]);
  expect(traces().filter((trace) => trace.includes("t-two"))).toEqual([]);
  expect(readdirSync(join(stateFolder(), "hosts")).filter((file) => file.includes("t-two"))).toEqual([]);
  expect(await keyOf(one.ipv6, "office")).not.toBe("");
  await expect(exec(two, "true")).rejects.toThrow("does not run");
});
