import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "#expression/compile.ts";

describe("compile says what an expression reads", () => {
  test.each([
    ["network.ssh.all(s, s.users.all(u, !('password' in u.methods)))", ["network.ssh[].users[].methods"]],
    ["policy.workloads >= 3", ["policy.workloads"]],
    ["!host.openclaw.present || host.openclaw.bind == 'loopback'", ["host.openclaw.present", "host.openclaw.bind"]],
    ["outside.tcp.all(t, t.open.all(p, p.port in [22, 443]))", ["outside.tcp[].open[].port"]],
    ["network.http.exists(h, true)", ["network.http"]],
    ["host.vpn.kinds.exists(k, k == 'wireguard')", ["host.vpn.kinds"]],
    ["network.ssh.all(s, s.vantage == 'outside')", ["network.ssh[].vantage"]],
    [
      "host.firewall.accepts.all(a, inAnyCidr(a.source, policy.allowedSources))",
      ["host.firewall.accepts[].source", "policy.allowedSources"],
    ],
    ["['ipv4', 'ipv6'].all(f, outside.tcp.exists(t, t.family == f))", ["outside.tcp[].family"]],
    ["host.memory.totalBytes >= 4 * 1024 * 1024 * 1024 - 5 % 2", ["host.memory.totalBytes"]],
    ["host.cpu.cores >= (policy.workloads > 5 ? 8 : 4)", ["host.cpu.cores", "policy.workloads"]],
    ["network.tls.all(t, t.chain.all(c, c.keyBits >= 2048))", ["network.tls[].chain[].keyBits"]],
    ["true", []],
  ])("%s", (source, reads) => {
    const compiled = compile(source);
    expect(compiled).toMatchObject({ ok: true, expression: { source, reads } });
  });
});

describe("compile refuses, at the very place", () => {
  test.each([
    ["host.firewall.activ", "activ", /no field "activ"/, 'did you mean "active"?'],
    ["network.ssh.all(s, s.users.all(u, 'x' in u.method))", "method", /no field/, 'did you mean "methods"?'],
    ["hst.firewall.active", "hst", /unknown name/, 'did you mean "host"?'],
    ["network.sssh.all(s, true)", "sssh", /network has no field/, 'did you mean "ssh"?'],
    ["outside.firewall.active", "firewall", /outside has no field/, undefined],
    ["host.tcp.all(t, true)", "tcp", /host has no field/, undefined],
    ["target.ssh", "ssh", /target has no field/, undefined],
    ["has(host.os.id)", "has(host.os.id)", /has\(\) is not allowed/, undefined],
    ["host.os.id.matches('u.*')", "host.os.id.matches('u.*')", /matches\(\) is not allowed/, undefined],
    ["size(network.ssh) > 0", "size(network.ssh)", /size\(\) is not allowed/, undefined],
    ["network.ssh.size() > 0", "network.ssh.size()", /size\(\) is not allowed/, undefined],
    ["network.ssh.filter(s, true).all(s, true)", "network.ssh.filter(s, true)", /filter\(\) is not/, undefined],
    ["network.ssh.map(s, s.port) == []", "network.ssh.map(s, s.port)", /map\(\) is not allowed/, undefined],
    ["network.ssh.exists_one(s, true)", "network.ssh.exists_one(s, true)", /exists_one\(\) is not/, undefined],
    ["policy.allowedSources[0] == 'x'", "policy.allowedSources[0]", /indexing/, "use all or exists"],
    ["{'a': true} == {'a': true}", "{'a': true}", /map literals/, undefined],
    ["host.vpn.kinds == host.vpn.kinds", "host.vpn.kinds == host.vpn.kinds", /list of string == list/, undefined],
    ["host.vpn == host.vpn", "host.vpn == host.vpn", /record == record/, undefined],
    ["host.vpn in [host.vpn]", "[host.vpn]", /elements of a list/, undefined],
    ["dyn(host.os.id) == 'x'", "dyn(host.os.id)", /dyn\(\) is not allowed/, undefined],
    ["type(host.os.id) == string", "type(host.os.id)", /type\(\) is not allowed/, undefined],
    ["host.os.versionId >= '24.04'", "host.os.versionId >= '24.04'", />= is for integers only/, undefined],
    ["host.os.id + 'x' == 'ubuntux'", "host.os.id + 'x'", /string \+ string/, undefined],
    ["host.cpu.cores == '4'", "host.cpu.cores == '4'", /int == string/, undefined],
    ["host.cpu.cores > 1.5", "1.5", /only integers/, undefined],
    ["host.cpu.cores > 1u", "1u", /only integers/, undefined],
    ["host.os.id == null", "null", /only integers/, undefined],
    ["host.os.id == b'x'", "b'x'", /only integers/, undefined],
    ["host.cpu.cores > 9223372036854775808", "9223372036854775808", /64 bits/, undefined],
    ["10 / host.cpu.cores > 1", "10 / host.cpu.cores", /literal other than 0/, undefined],
    ["host.cpu.cores % 0 == 1", "host.cpu.cores % 0", /literal other than 0/, undefined],
    ["host.cpu.cores in []", "[]", /empty list/, undefined],
    ["host.cpu.cores in [1, 'a']", "[1, 'a']", /elements of a list/, undefined],
    ["host.firewall.manager == 'uwf'", "'uwf'", /never the value/, 'did you mean "ufw"?'],
    ["host.firewall.manager in ['ufw', 'nftabels']", "'nftabels'", /never the value/, 'did you mean "nftables"?'],
    ["'wiregard' in host.vpn.kinds", "'wiregard'", /never the value/, 'did you mean "wireguard"?'],
    ["host.cpu.cores", "host.cpu.cores", /must be bool, found int/, undefined],
    ["network.ssh", "network.ssh", /must be bool, found list of record/, undefined],
    ["!host.cpu.cores", "!host.cpu.cores", /expected bool, found int/, undefined],
    ["true && host.cpu.cores", "host.cpu.cores", /expected bool, found int/, undefined],
    ["network.ssh.all(host, true)", "host", /name "host" is taken/, "choose another"],
    ["network.ssh.all(s, network.tls.all(s, true))", "s", /name "s" is taken/, "choose another"],
    ["network.ssh.all(s, s.port)", "s.port", /condition must be bool/, undefined],
    ["network.ssh.all(s, network.ssh.all(t, s == t))", "s == t", /record == record/, undefined],
    ["host.cpu.all(c, true)", "host.cpu", /all is for lists/, undefined],
    ["network.ssh.port == 22", "port", /list of record has no field/, "a list is read with all or exists"],
    ["inCidr('10.0.0.0/33', '10.0.0.0/8')", "'10.0.0.0/33'", /neither an address nor a CIDR/, undefined],
    ["inCidr(host.os.id)", "inCidr(host.os.id)", /takes 2 arguments/, undefined],
    ["inAnyCidr('10.0.0.1', '10.0.0.0/8')", "'10.0.0.0/8'", /expected list of string/, undefined],
    [
      "inCird('10.0.0.1', '10.0.0.0/8')",
      "inCird('10.0.0.1', '10.0.0.0/8')",
      /unknown function/,
      'did you mean "inCidr"?',
    ],
    ["host.vpn.kinds.contains('x')", "host.vpn.kinds.contains('x')", /is for strings; for a list use in/, undefined],
    ["true ? 1 : 'a'", "true ? 1 : 'a'", /same scalar type/, undefined],
    ["host.os.id = 'x'", "=", /Unexpected character/, undefined],
    ["__proto__.x", "__proto__", /Reserved identifier/, undefined],
    ["host.constructor.name == 'x'", "constructor", /no field "constructor"/, undefined],
  ])("%s", (source, place, message, hint) => {
    const compiled = compile(source);
    if (compiled.ok) throw new Error("was accepted");
    const [problem] = compiled.problems;
    expect(problem?.message).toMatch(message);
    expect(source.slice(problem?.offset, (problem?.offset ?? 0) + (problem?.length ?? 0))).toBe(place);
    if (hint !== undefined) expect(problem?.hint).toBe(hint);
  });

  test("both sides of a condition at once", () => {
    const compiled = compile("host.os.idd == 'x' && host.cpu.core > 1");
    expect(compiled).toMatchObject({ ok: false, problems: [{ offset: 8 }, { offset: 31 }] });
  });
});

describe("compile never throws", () => {
  const word = fc.constantFrom(
    ..."network host ssh tcp open s u . .? ( ) [ ] { } && || ! == in all exists , ? : 1 0x 'a' \" + - * / % true has _ \\ \u0000".split(
      " ",
    ),
  );

  test("on arbitrary text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(word, { maxLength: 40 }).map((w) => w.join(" ")),
        ),
        (source) => {
          const compiled = compile(source);
          if (compiled.ok) return;
          expect(compiled.problems.length).toBeGreaterThan(0);
          for (const { offset, length } of compiled.problems) {
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(length).toBeGreaterThanOrEqual(0);
            expect(offset + length).toBeLessThanOrEqual(source.length);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["deep negation", `${"!".repeat(3990)}true`],
    ["deep brackets", `${"(".repeat(1999)}true${")".repeat(1999)}`],
    ["long conjunction", Array.from({ length: 600 }, () => "true").join("&&")],
    ["too long", "true && ".repeat(1000)],
    ["deep lists", "[".repeat(2000)],
    ["deep minus", `1 > ${"-".repeat(3900)}1`],
  ])("on %s", (_name, source) => {
    expect(typeof compile(source).ok).toBe("boolean");
  });
});
