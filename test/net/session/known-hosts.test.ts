import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, keyType, knownKeyTypes, matchKnownHosts, verifyHostKey } from "#net/session/known-hosts.ts";
import { blob, makePair } from "./ssh-server.ts";

const [ed, other] = [makePair(), makePair()];
const rsa = makePair("rsa");
const line = (names: string, pair = ed) => `${names} ${pair.public}`;

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

describe("matchKnownHosts", () => {
  test.each([
    ["plain name", "claw.example", "claw.example", 22, 1],
    ["case does not matter", "Claw.Example", "CLAW.example", 22, 1],
    ["one of several", "a,claw.example,203.0.113.5", "203.0.113.5", 22, 1],
    ["another host", "claw.example", "other.example", 22, 0],
    ["a part of the name", "claw.example", "claw.example.org", 22, 0],
    ["star", "*.example", "claw.example", 22, 1],
    ["star alone", "*", "anything", 22, 1],
    ["star is no less than nothing", "claw*.example", "claw.example", 22, 1],
    ["question mark", "claw?.example", "claw1.example", 22, 1],
    ["question mark needs a character", "claw?.example", "claw.example", 22, 0],
    ["negated", "*.example,!claw.example", "claw.example", 22, 0],
    ["negated first", "!claw.example,*.example", "claw.example", 22, 0],
    ["negated another", "*.example,!other.example", "claw.example", 22, 1],
    ["negation alone matches nobody", "!other.example", "claw.example", 22, 0],
    ["port", "[claw.example]:2222", "claw.example", 2222, 1],
    ["other port", "[claw.example]:2222", "claw.example", 2223, 0],
    ["port entry and port 22", "[claw.example]:2222", "claw.example", 22, 0],
    ["IPv6", "2001:db8::1", "2001:db8::1", 22, 1],
    ["IPv6 and port", "[2001:db8::1]:2222", "2001:db8::1", 2222, 1],
    ["hashed", hashed("claw.example"), "claw.example", 22, 1],
    ["hashed, another host", hashed("claw.example"), "other.example", 22, 0],
    ["hashed with port", hashed("[claw.example]:2222"), "claw.example", 2222, 1],
  ])("%s", (_, names, host, port, count) => {
    expect(matchKnownHosts(line(names), host, port).filter((entry) => !entry.withoutPort)).toHaveLength(count);
  });

  test("reads several files put together, comments, empty lines, tabs and CR LF", () => {
    const content = `# comment\r\n\n  ${line("claw.example")}\r\n@revoked\tclaw.example\t${other.public}\n`;
    expect(matchKnownHosts(content, "claw.example", 22).map((entry) => entry.marker)).toEqual(["none", "revoked"]);
  });

  test.each([
    ["no key", "claw.example ssh-ed25519"],
    ["broken base64", "claw.example ssh-ed25519 !!!!"],
    ["type and key disagree", `claw.example ssh-rsa ${ed.public.split(" ")[1]}`],
    ["unknown marker", `@trusted claw.example ${ed.public}`],
    ["SSH 1 key", "claw.example 1024 35 1234567"],
    ["half a hash", `|1|abc ${ed.public}`],
    ["other hash version", `${hashed("claw.example").replace("|1|", "|2|")} ${ed.public}`],
  ])("passes over a line with %s", (_, content) => {
    expect(matchKnownHosts(`${content}\n${line("claw.example", other)}`, "claw.example", 22)).toHaveLength(1);
  });

  test("is total, and quick with many stars", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.integer({ min: 1, max: 65535 }),
        (text, host, port) => {
          matchKnownHosts(text, host, port);
          matchKnownHosts(`${text} ${ed.public}`, host, port);
        },
      ),
    );
    expect(matchKnownHosts(line(`${"*a".repeat(200)}b`), "a".repeat(2000), 22)).toEqual([]);
  });
});

describe("verifyHostKey", () => {
  test.each([
    ["the same key", line("h"), 22, "known"],
    ["nothing", "", 22, "unknown"],
    ["another key of the type", line("h", other), 22, "changed"],
    ["another and the same", `${line("h", other)}\n${line("h")}`, 22, "known"],
    ["a key of another type only", line("h", rsa), 22, "changed"],
    ["revoked", `@revoked ${line("h")}`, 22, "revoked"],
    ["revoked for all hosts, and known", `@revoked ${line("*")}\n${line("h")}`, 22, "revoked"],
    ["another key revoked", `@revoked ${line("*", other)}`, 22, "unknown"],
    ["an authority with the very key vouches for no key", `@cert-authority ${line("h")}`, 22, "unknown"],
    ["the key under the name without port", line("h"), 2222, "known"],
    ["another key under the name without port", line("h", other), 2222, "unknown"],
    ["revoked under the name without port", `@revoked ${line("h")}`, 2222, "revoked"],
  ] as const)("%s", (_, content, port, verdict) => {
    expect(verifyHostKey(matchKnownHosts(content, "h", port), blob(ed.public))).toBe(verdict);
  });

  test("never accepts a key that no line holds", () => {
    const names = fc.constantFrom("h", "*", "!h", "h,!x", "x", "?", "");
    const marker = fc.constantFrom("", "@revoked ", "@cert-authority ");
    const lines = fc.array(fc.tuple(marker, names).map(([mark, name]) => `${mark}${name} ${other.public}`));
    fc.assert(
      fc.property(lines, fc.constantFrom(22, 2222), (content, port) => {
        expect(verifyHostKey(matchKnownHosts(content.join("\n"), "h", port), blob(ed.public))).not.toBe("known");
      }),
    );
  });
});

test("knownKeyTypes lists types of plain entries once", () => {
  const content = [line("h"), line("h", other), line("h", rsa), `@revoked ${line("h", makePair("ecdsa"))}`].join("\n");
  expect(knownKeyTypes(matchKnownHosts(content, "h", 22))).toEqual(["ssh-ed25519", "ssh-rsa"]);
});

test("fingerprint is what ssh-keygen -lf prints", () => {
  const key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  expect(fingerprint(Buffer.from(key, "base64"))).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
});

test.each([
  ["empty", ""],
  ["too short", "AAAA"],
  ["length beyond the end", "//////8="],
])("keyType of %s bytes is empty", (_, base64) => {
  expect(keyType(Buffer.from(base64, "base64"))).toBe("");
});
