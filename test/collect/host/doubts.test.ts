import { describe, expect, test } from "vitest";
import { attempt, output, read, value } from "./capture.ts";

const systemd = ["processes", "1 0 0 0 systemd\n"] as const;

describe("file systems", () => {
  const df = (...rows: string[]) =>
    output([["disks.space", `Filesystem Type 1024-blocks Used Available Capacity Mounted on\n${rows.join("\n")}\n`]]);
  const types = [
    "virtiofs",
    "9p",
    "ceph",
    "fuse.glusterfs",
    "fuse",
    "zfs",
    "btrfs",
    "overlay",
    "nfs4",
    "tmpfs",
    "ext4",
  ];

  test.each(types)("a root on %s is told", (type) => {
    const result = read(df(`device ${type} 1000 900 100 90% /`));
    expect(value(result, "disks")).toEqual([expect.objectContaining({ mount: "/", fsType: type, usedPercent: 90 })]);
    expect(value(result, "storage")).toEqual({ totalBytes: type === "zfs" ? 1_024_000 : 1000 * 1024 });
  });

  test.each([
    ["only pseudo file systems", "tmpfs tmpfs 1000 1 999 1% /run"],
    ["a root without a size", "none 9p 0 0 0 - /"],
    ["data and no root", "/dev/sdb1 ext4 1000 1 999 1% /data"],
  ])("%s leave the list open and the sum unknown", (_name, row) => {
    const result = read(df(row));
    expect(value(result, "disks")).toContainEqual({ $unknown: expect.any(String) });
    expect(value(result, "storage")).toEqual({ totalBytes: { $unknown: expect.any(String) } });
  });
});

describe("containers", () => {
  const inspected = (name: string, mounts: string) =>
    `"/${name}" "acme/agent:1" "always" "bridge" {"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"80"}]} ${mounts} [null] [null] ""`;
  const host = (processes: string, name = "claw-1", mounts = "[null]", declared = "openclaw") =>
    output([
      ["processes", `1 0 0 0 systemd\n${processes}`],
      ["containers.present", `declared ${declared}\nprogram docker\nsocket docker\n`],
      ["containers.list", `"${name}" "acme/agent:1" "0.0.0.0:80->80/tcp"\n`],
      ["containers.inspect", `${inspected(name, mounts)}\n`],
    ]);
  const entry = (openclaw: boolean) => [expect.objectContaining({ name: "claw-1", openclaw })];

  test("OpenClaw's is known by the declared name, or by its folder", () => {
    expect(value(read(host("")), "containers")).toEqual(entry(false));
    expect(value(read(host("", "claw-1", "[null]", "claw-1")), "containers")).toEqual(entry(true));
    expect(value(read(host("", "claw-1", '["/srv/x",null]')), "containers")).toEqual(entry(true));
  });

  test.each([
    ["podman", "2 1 0 0 podman\n"],
    ["conmon", "2 1 1000 0 conmon\n"],
    ["a second daemon", "2 1 0 0 dockerd\n3 1 1000 0 dockerd\n"],
    ["containerd on its own", "2 1 0 0 containerd-shim\n3 1 0 0 containerd-shim\n"],
  ])("%s beside Docker leaves the list open", (_name, processes) => {
    expect(value(read(host(processes)), "containers")).toContainEqual({ $unknown: expect.any(String) });
  });

  test("Docker's own processes do not", () => {
    const own = "2 1 0 0 dockerd\n3 1 0 0 containerd\n4 1 0 0 containerd-shim\n5 4 0 1 podman\n";
    expect(value(read(host(own)), "containers")).toEqual(entry(false));
  });
});

describe("nginx", () => {
  const config = (...extra: string[]) =>
    [
      "main\t/n",
      "file\t/n",
      "http\t{",
      ...extra,
      "server\t{",
      "listen\t443\t;",
      "location\t{",
      "proxy_pass\t127.0.0.1:18789\t;",
      "allow\t192.0.2.1\t;",
      "deny\tall\t;",
      "}",
      "}",
      "}",
      "",
    ].join("\n");
  const processes = ["processes", "1 0 0 0 systemd\n9 1 0 0 nginx\n"] as const;
  const server = { names: [], ports: [443], proxiesOpenclaw: true, allow: ["192.0.2.1"], denyAll: true };
  const open = { $unknown: expect.any(String) };

  test("addresses that a client may forge are no limit", () => {
    expect(value(read(output([processes, ["nginx", config()]])), "nginx")).toEqual({ servers: [server] });
    for (const name of ["set_real_ip_from", "real_ip_header"])
      expect(value(read(output([processes, ["nginx", config(`${name}\t;`)]])), "nginx")).toEqual({
        servers: [{ ...server, allow: open, denyAll: open }],
      });
  });

  test("each master is read, and one that cannot be leaves the list open", () => {
    const two = output([processes, ["nginx", config()], ["nginx", config()], ["nginx.more", "masters: 2\n"]]);
    expect(value(read(two), "nginx")).toEqual({ servers: [server, server, open] });
    const unread = output([processes, ["nginx", config()], ["nginx.unread", "masters\n"]]);
    expect(value(read(unread), "nginx")).toEqual({ servers: [server, open] });
    const none = read(output([processes, ["nginx.unread", "masters\n"]]));
    expect(attempt(none, "nginx")).toMatchObject({ status: "failed", reason: "unsupported" });
    expect(attempt(read(output([systemd, ["nginx.none", "no master\n"]])), "nginx").status).toBe("absent");
  });
});

describe("sshd", () => {
  const settings =
    "sekisho options \nsekisho connection \nport 22\npasswordauthentication no\nsetenv TOKEN=planted\ndebug1: planted\nplanted\n";

  test("a daemon that could not be asked leaves the list open", () => {
    const alone = output([systemd, ["sshd.present", "/usr/sbin/sshd\n"], ["sshd.unread", "a daemon\n"]]);
    expect(attempt(read(alone), "sshd")).toMatchObject({ status: "failed", reason: "unsupported" });
    const beside = value(read(output([systemd, ["sshd.1", settings], ["sshd.unread", "a daemon\n"]])), "sshd");
    expect(beside).toMatchObject({ ports: [22, { $unknown: expect.stringMatching(/daemon/) }] });
    const second = value(read(output([systemd, ["sshd.1", settings], ["sshd.2", "", "denied"]])), "sshd");
    expect(second).toMatchObject({ ports: [22, { $unknown: expect.any(String) }] });
    expect(beside).toMatchObject({ effective: [{ connection: "" }, { $unknown: expect.any(String) }] });
  });

  test("its excerpt shows settings and nothing else", () => {
    const { evidence } = read(output([systemd, ["sshd.1", settings]]));
    const excerpt = evidence.find(({ kind }) => kind === "sshd")?.excerpt;
    expect(excerpt).toContain("passwordauthentication no");
    expect(excerpt).not.toContain("planted");
  });

  test("a Match line that was met only behind another shows nothing of its own", () => {
    const syntax = ["Address 10.0.0.0/8", "Address 10.0.0.0/8,192.0.2.0/24"]
      .map((line) => `debug3: checking syntax for 'Match ${line}'\n`)
      .join("");
    const met = ["Address 10.0.0.0/8", "Address 10.0.0.0/8,192.0.2.0/24"]
      .map(
        (line) =>
          `debug3: checking match for '${line}' user x host h addr 10.0.0.0 laddr (null) lport 0\ndebug3: match found\n`,
      )
      .join("");
    const match = `sekisho options \nsekisho connection user=x,addr=10.0.0.0\n${syntax}${met}port 22\npasswordauthentication no\n`;
    const sshd = value(read(output([systemd, ["sshd.1", settings], ["sshd.1.match", match]])), "sshd");
    expect(sshd).toMatchObject({
      effective: [{}, {}, { $unknown: expect.stringContaining("Address 10.0.0.0/8,192.0.2.0/24 was not met") }],
    });
  });
});

describe("OpenClaw", () => {
  test("a value where a block belongs is no default", () => {
    const configs =
      "config /root/.openclaw/openclaw.json\nmode 600 0\ngateway\tobject\t\ngateway.auth\tunprintable\t\n";
    const result = read(output([systemd, ["openclaw.configs", configs]]));
    expect(value(result, "openclaw")).toMatchObject({ install: "files", authMode: { $unknown: expect.any(String) } });
  });
});
