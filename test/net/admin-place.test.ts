import { expect, test } from "vitest";
import { adminPlaceOf, isAdminServer } from "#net/admin-place.ts";

test.each([
  ["https://claw.example.jp", { scheme: "https", host: "claw.example.jp", port: 443, path: "/", base: "" }],
  ["http://CLAW.example.jp/", { scheme: "http", host: "claw.example.jp", port: 80, path: "/", base: "" }],
  ["https://claw.example.jp:8443/claw/", { port: 8443, path: "/claw/", base: "/claw" }],
  ["https://claw.example.jp/a/b", { path: "/a/b", base: "/a/b" }],
  ["https://claw.example.jp/claw/index.html?x=1#y", { path: "/claw/index.html?x=1", base: "/claw" }],
  ["https://[2001:DB8::1]/", { host: "2001:db8::1" }],
])("%s", (url, expected) => {
  expect(adminPlaceOf(url)).toMatchObject(expected);
});

test.each(["", "claw.example.jp", "ftp://claw.example.jp/"])("not a place in the web: %j", (url) => {
  expect(adminPlaceOf(url)).toBeUndefined();
});

test.each([
  ["https://claw.example.jp/x", "203.0.113.5", 443, "https", "claw.example.jp", true],
  ["https://claw.example.jp/x", "203.0.113.5", 443, "https", "CLAW.example.jp", true],
  ["https://claw.example.jp/x", "203.0.113.5", 443, "https", "", false],
  ["https://claw.example.jp/x", "203.0.113.5", 443, "http", "claw.example.jp", false],
  ["https://claw.example.jp/x", "203.0.113.5", 8443, "https", "claw.example.jp", false],
  ["https://203.0.113.5/x", "203.0.113.5", 443, "https", "", true],
  ["https://[2001:db8::1]/x", "2001:db8::1", 443, "https", "", true],
])("%s is of %s %i over %s by %j: %j", (url, address, port, scheme, name, expected) => {
  const place = adminPlaceOf(url);
  expect(place && isAdminServer(place, { address, port }, { scheme, name })).toBe(expected);
});
