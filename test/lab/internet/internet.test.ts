import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, streamEncode } from "dns-packet";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Arrival, readArrivals } from "./log.ts";
import { knownPlaces } from "./names.ts";
import { clientAddress, openRooms, type Rooms } from "./rooms.ts";

let rooms: Rooms;

beforeAll(async () => {
  rooms = await openRooms();
  mkdirSync(join(rooms.folder, "hosts"));
  writeFileSync(join(rooms.folder, "hosts", "web.json"), '{"name":"web","ipv4":"10.83.1.9","ipv6":"fd83::1:9"}');
});

// When the rooms could not be made there is nothing to take down.
afterAll(() => rooms?.down());

function curl(...args: readonly string[]): { code: number | null; out: string } {
  const ended = rooms.run("client", ["/usr/bin/curl", "-sS", "-m", "10", "--cacert", rooms.authority, ...args]);
  return { code: ended.code, out: ended.stdout.toString() };
}

/** The first `wanted` bytes of an answer, or more of them; undefined where they did not come. */
function probe(transport: "tcp" | "udp", address: string, port: number, message: Buffer, wanted = 1) {
  const program = [process.execPath, join(import.meta.dirname, "probe.ts")];
  const ended = rooms.run("client", [...program, transport, address, String(port), String(wanted)], message);
  return ended.code === 0 ? ended.stdout : undefined;
}

/** What has arrived since `work` began. */
function arrivalsOf(work: () => void): readonly Arrival[] {
  const before = readArrivals(rooms.log).length;
  work();
  return readArrivals(rooms.log).slice(before);
}

test("every name that is on the web answers HTTPS under a certificate that the authority signed for it", () => {
  const web = knownPlaces().filter((each) => each.serves.some((kind) => /api|slack|webhook|page|storage/.test(kind)));
  const names = web.flatMap(({ name }) => name ?? []);
  const urls = names.flatMap((name) => ["-o", "/dev/null", `https://${name}/`]);
  for (const family of ["-4", "-6"]) {
    const { out } = curl(family, "-w", "%{ssl_verify_result} %{remote_port} %{http_code}\n", ...urls);
    expect(out.match(/^0 443 [24]\d\d$/gm)?.length, out).toBe(names.length);
  }
});

test("answers are like the real ones", () => {
  expect(curl("-w", " %{http_code}", "https://api.anthropic.com/v1/messages").out).toMatch(/authentication.* 401$/s);
  expect(curl("https://slack.com/api/auth.test").out).toContain('"not_authed"');
  expect(curl("-d", '{"text":"down"}', "https://hooks.slack.com/services/T/B/x").out).toBe("ok");
  const [status, location] = curl(
    "-o",
    "/dev/null",
    "-w",
    "%{http_code} %{redirect_url}",
    "http://slack.com/a?b",
  ).out.split(" ");
  expect([status, location]).toEqual(["301", "https://slack.com/a?b"]);
});

test("an arrival is in the log when its answer is there: connection, handshake, request", () => {
  const arrivals = arrivalsOf(() => curl("-4", "-d", "secret=1", "https://paste.example.net/new"));
  const ends = { localAddress: "198.51.100.84", localPort: 443, remoteAddress: clientAddress };
  const port = arrivals.at(-1)?.remotePort;
  expect(arrivals.filter((each) => each.protocol !== "dns")).toMatchObject([
    { protocol: "tcp", ...ends, remotePort: port, bytes: 0 },
    { protocol: "tls", ...ends, remotePort: port, name: "paste.example.net", detail: { outcome: "TLSv1.3" } },
    { protocol: "https", ...ends, remotePort: port, name: "paste.example.net", bytes: 8, detail: { body: "secret=1" } },
  ]);
  expect(arrivals).toContainEqual(
    expect.objectContaining({ protocol: "dns", localAddress: "198.51.100.53", name: "paste.example.net" }),
  );
});

test("without a server name, by address alone, and from a client that trusts nobody", () => {
  const plain =
    (...more: readonly string[]) =>
    () => {
      const ended = rooms.run("client", ["openssl", "s_client", "-connect", "198.51.100.99:443", ...more], "Q\n");
      expect(ended.stdout.toString()).toContain("CN = Lab Root CA");
    };
  const tls = (arrivals: readonly Arrival[]) => arrivals.find((each) => each.protocol === "tls");
  const unnamed = tls(arrivalsOf(plain("-noservername")));
  expect([unnamed?.localAddress, unnamed?.name]).toEqual(["198.51.100.99", undefined]);
  const distrusted = tls(
    arrivalsOf(plain("-servername", "slack.com", "-verify_return_error", "-no-CAfile", "-no-CApath")),
  );
  expect(distrusted).toMatchObject({ name: "slack.com", detail: { outcome: expect.stringContaining("UNKNOWN_CA") } });
  expect(curl("-k", "https://[2001:db8:51::99]/").out).toContain("<title>");
});

test("both resolvers answer a resolver of their client, over IPv4 and IPv6", () => {
  const script = `
    import { Resolver } from "node:dns/promises";
    const [server, ...names] = process.argv.slice(1);
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([server]);
    for (const name of names) {
      const asked = [resolver.resolve4(name), resolver.resolve6(name)];
      console.log((await Promise.allSettled(asked)).map((each) => each.value?.join() ?? each.reason.code).join(" "));
    }`;
  const names = ["web.lab.test", "claw.web.lab.test", "slack.com", "nobody.lab.test", "lab.test"];
  for (const server of ["198.51.100.53", "[2001:db8:51::53]", "198.51.100.54", "[2001:db8:51::54]"]) {
    const program = [process.execPath, "--input-type=module", "-e", script, server, ...names];
    const arrivals = arrivalsOf(() => {
      const ended = rooms.run("client", program);
      expect(ended.stdout.toString().trim().split("\n"), ended.stderr).toEqual([
        "10.83.1.9 fd83::1:9",
        "10.83.1.9 fd83::1:9",
        "198.51.100.20 2001:db8:51::20",
        "ENOTFOUND ENOTFOUND",
        "ENODATA ENODATA",
      ]);
    });
    expect(new Set(arrivals.map((each) => each.localAddress))).toEqual(new Set([server.replace(/[[\]]/g, "")]));
  }
});

test("DNS over TCP, two queries in one piece", () => {
  const query = (id: number) => streamEncode({ type: "query", id, questions: [{ name: "web.lab.test", type: "A" }] });
  const queries = Buffer.concat([query(1), query(2)]);
  // Each answer is its query and one record of 2+2+4+2+4 bytes behind the name.
  const wanted = queries.length + 2 * (14 + "web.lab.test".length + 2);
  const replies = probe("tcp", "2001:db8:51::53", 53, queries, wanted) ?? Buffer.alloc(4);
  const first = replies.subarray(2, 2 + replies.readUInt16BE(0));
  const second = replies.subarray(4 + first.length);
  const read = [first, second].map((message) => decode(message));
  const data = read.map(({ id, answers }) => [id, answers?.map((each) => ("data" in each ? each.data : ""))]);
  expect(data).toEqual([
    [1, ["10.83.1.9"]],
    [2, ["10.83.1.9"]],
  ]);
});

test("SNTP tells the time, an echo gives back what it got", () => {
  const request = Buffer.alloc(48);
  request[0] = (4 << 3) | 3;
  for (const address of ["198.51.100.123", "2001:db8:51::123"]) {
    const reply = probe("udp", address, 123, request);
    const unixSeconds = (reply?.readUInt32BE(40) ?? 0) - 2_208_988_800;
    expect(Math.abs(unixSeconds - Date.now() / 1000)).toBeLessThan(5);
  }
  for (const transport of ["tcp", "udp"] as const) {
    for (const address of ["198.51.100.7", "2001:db8:51::7"]) {
      expect(probe(transport, address, 7, Buffer.from("canary"))?.toString()).toBe("canary");
    }
  }
});

test("mail is taken with and without TLS, and noted by envelope and subject", () => {
  const mail = join(rooms.folder, "mail");
  const text = "Subject: OpenClaw is down\r\nTo: ops@office.test\r\n\r\nIt is.\r\n";
  writeFileSync(mail, text);
  const envelope = [
    "--mail-from",
    "root@web.lab.test",
    "--mail-rcpt",
    "ops@office.test",
    "--mail-rcpt",
    "b@office.test",
  ];
  for (const [url, ...more] of [
    ["smtp://mail.lab.test:25"],
    ["smtp://mail.lab.test:587", "--ssl-reqd", "--user", "relay:correct-horse"],
  ] as const) {
    const arrivals = arrivalsOf(() => expect(curl(...more, ...envelope, "-T", mail, url).code).toBe(0));
    const encrypted = more.length > 0;
    expect(arrivals.find((each) => each.protocol === "smtp")).toMatchObject({
      name: "ops@office.test",
      bytes: text.length,
      detail: {
        from: "root@web.lab.test",
        to: "ops@office.test b@office.test",
        subject: "OpenClaw is down",
        user: encrypted ? "relay" : "",
        tls: encrypted,
      },
    });
  }
  expect(JSON.stringify(readArrivals(rooms.log))).not.toContain("correct-horse");
});

test("an upload is measured and can be asked for", () => {
  const file = join(rooms.folder, "backup.gz");
  const content = randomBytes(2_000_000);
  writeFileSync(file, content);
  const url = "https://s3.lab.test/backups/2030/db.gz";
  const arrivals = arrivalsOf(() => expect(curl("-f", "-T", file, url).code).toBe(0));
  const sha256 = createHash("sha256").update(content).digest("hex");
  const put = arrivals.find((each) => each.protocol === "https");
  expect(put).toMatchObject({ bytes: 2_000_000, detail: { method: "PUT", path: "/backups/2030/db.gz", sha256 } });
  expect(JSON.parse(curl(url).out)).toEqual({ bytes: 2_000_000, sha256 });
  expect(curl("-I", url).out).toMatch(/^Content-Length: 2000000\r$/m);
  expect(curl("-o", "/dev/null", "-w", "%{http_code}", `${url}.sha256`).out).toBe("404");
});

test("an upload that breaks off is no object, and leaves its trace", async () => {
  const head = "PUT /backups/half HTTP/1.1\r\nHost: s3.lab.test\r\nContent-Length: 100\r\n\r\nhalf";
  const before = readArrivals(rooms.log).length;
  const program = ["openssl", "s_client", "-quiet", "-no_ign_eof", "-connect", "198.51.100.60:443"];
  rooms.run("client", program, head);
  await vi.waitFor(() => {
    const broken = readArrivals(rooms.log)
      .slice(before)
      .find((each) => each.protocol === "https");
    expect(broken).toMatchObject({ bytes: 4, detail: { status: 0 } });
  }, 10_000);
  expect(curl("-o", "/dev/null", "-w", "%{http_code}", "https://s3.lab.test/backups/half").out).toBe("404");
});

test("the monitor's visitor asks a host from the monitor's address and under its name", async () => {
  const script = `
    import { createServer } from "node:http";
    createServer((request, response) => {
      console.log(request.socket.remoteAddress, request.method, request.headers["user-agent"]);
      response.writeHead(204).end();
    }).listen(8080, "${clientAddress}", () => console.log("up"));`;
  const host = rooms.start([process.execPath, "--input-type=module", "-e", script]);
  await vi.waitFor(() => expect(host.output()).toContain("up"), 10_000);
  const visit = (url: string) =>
    rooms.run("internet", [process.execPath, join(import.meta.dirname, "visit.ts"), url, "--from", "198.51.100.201"]);
  expect(visit(`http://${clientAddress}:8080/`)).toMatchObject({ code: 0, stdout: Buffer.from("204\n") });
  await vi.waitFor(() => expect(host.output()).toMatch(/^198\.51\.100\.201 GET .*UptimeRobot\/2\.0/m), 10_000);
  expect(visit(`http://${clientAddress}:8081/`).code).toBe(1);
});

test("rubbish at every door leaves it standing, and it goes when told to", async () => {
  const script = `
    import { createSocket } from "node:dgram";
    import { connect } from "node:net";
    import { randomBytes } from "node:crypto";
    const doors = { 7: 7, 25: 25, 53: 53, 60: 443, 99: 80, 30: 443, 123: 123 };
    const starts = ["", "GET / HTTP/1.1\\r\\n\\r\\n", "PUT http://[ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "EHLO x\\r\\nSTARTTLS\\r\\n", "\\x16\\x03\\x01"];
    const udp = createSocket("udp4");
    const ends = [];
    for (const [host, port] of Object.entries(doors)) {
      for (const start of starts.flatMap((each) => [each, each, each])) {
        const bytes = Buffer.concat([Buffer.from(start, "latin1"), randomBytes(200)]);
        udp.send(bytes, port, "198.51.100." + host);
        ends.push(new Promise((resolve) => {
          const socket = connect(port, "198.51.100." + host, () => {
            socket.write(bytes);
            setTimeout(() => socket.resetAndDestroy(), 100);
          });
          socket.on("error", resolve).on("close", resolve);
        }));
      }
    }
    await Promise.all(ends);
    udp.close();`;
  expect(rooms.run("client", [process.execPath, "--input-type=module", "-e", script])).toMatchObject({ code: 0 });
  const query = encode({ type: "query", id: 9, questions: [{ name: "slack.com", type: "A" }] });
  expect(probe("udp", "198.51.100.53", 53, query)?.readUInt16BE(0)).toBe(9);
  expect(curl("-d", "x", "https://hooks.slack.com/services/a").out).toBe("ok");
  expect(curl("-T", rooms.authority, "https://s3.lab.test/b/k").code).toBe(0);
  expect(rooms.exitCode()).toBeUndefined();
  rooms.stop();
  await vi.waitFor(() => expect(rooms.exitCode()).toBe(0), 10_000);
});
