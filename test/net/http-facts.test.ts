import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import type { HttpAnswer } from "#net/http-client.ts";
import { cookieFacts, hasPasswordField, hstsMaxAge, redirectsToHttps, servesLogin } from "#net/http-facts.ts";
import { isControlUi } from "#net/openclaw.ts";

function answer(status: number, headers: Record<string, string> = {}, body = "", truncated = false): HttpAnswer {
  return { status, headers: Object.entries(headers), body: Buffer.from(body), truncated };
}

test.each([
  [["max-age=31536000"], 31536000],
  [["max-age=31536000; includeSubDomains; preload"], 31536000],
  [['MAX-AGE="600" ; includeSubDomains'], 600],
  [["includeSubDomains;max-age = 5"], 5],
  [["max-age=0"], 0],
  [[";;max-age=7;"], 7],
  [["max-age=99999999999999999999"], 2147483647],
  [["max-age=10", "max-age=99"], 10],
  [['note="a;max-age=1";max-age=2'], 2],
  [[], -1],
  [[""], -1],
  [["includeSubDomains"], -1],
  [["max-age"], -1],
  [["max-age=-1"], -1],
  [["max-age=1e9"], -1],
  [["max-age=1; max-age=2"], -1],
  [["max-age=10; bad directive"], -1],
  [['max-age="10'], -1],
])("Strict-Transport-Security %j lasts %d seconds", (headers, seconds) => {
  expect(hstsMaxAge(headers)).toBe(seconds);
});

test("any header gives a whole number of seconds or -1", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 300 })), (headers) => {
      const seconds = hstsMaxAge(headers);
      expect(Number.isSafeInteger(seconds) && seconds >= -1).toBe(true);
    }),
  );
});

test.each([
  ["<input type=password>", true],
  ['<INPUT name="p"\n  TYPE = "PassWord" >', true],
  ["<input id=x type='password'/>", true],
  ["<input type=text><p>password</p>", false],
  ["<p type=password>", false],
  ["", false],
])("%j has a password field: %s", (html, expected) => {
  expect(hasPasswordField(html)).toBe(expected);
});

test("any page is sniffed, and soon", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (html) => {
      const page = answer(200, {}, html);
      expect(typeof isControlUi(page)).toBe("boolean");
      expect(typeof hasPasswordField(html)).toBe("boolean");
    }),
  );
  expect(hasPasswordField("<input ".repeat(37_000))).toBe(false);
  expect(isControlUi(answer(200, {}, "<title>".repeat(37_000)))).toBe(false);
  expect(hstsMaxAge([";".repeat(60_000)])).toBe(-1);
  expect(hstsMaxAge(['"'.repeat(60_001)])).toBe(-1);
});

test.each([
  [answer(301, { Location: "https://x.example.test/" }), true],
  [answer(308, { location: "HTTPS://x.example.test" }), true],
  [answer(302, { location: "http://x.example.test/" }), false],
  [answer(302, { location: "/login" }), false],
  [answer(302, { location: "https:///" }), false],
  [answer(302), false],
  [answer(200, { location: "https://x.example.test/" }), false],
])("%j redirects to https: %s", (page, expected) => {
  expect(redirectsToHttps(page)).toBe(expected);
});

test.each([
  ["a page with a password field", answer(200, {}, "<input type=password>"), true],
  ["Basic authentication", answer(401, { "WWW-Authenticate": 'Basic realm="x"' }), true],
  ["a refusal by address", answer(403, {}, "Forbidden"), false],
  ["a page without a field", answer(200, {}, "<h1>Welcome to nginx!</h1>"), false],
  ["a redirect to https", answer(301, { location: "https://x.example.test/" }), false],
  ["a redirect elsewhere", answer(302, { location: "/ui" }), "unknown"],
  ["a gateway without its server", answer(502), "unknown"],
  ["too many requests", answer(429), "unknown"],
  ["a page that was cut", answer(200, {}, "<p>", true), "unknown"],
])("%s", (_name, page, expected) => {
  const login = servesLogin(page, false);
  expect(isUnknown(login) ? "unknown" : login).toBe(expected);
});

test.each([
  ["session=abc; Path=/; Secure; HttpOnly; SameSite=Strict", "session", true, true, "strict"],
  ["a=b", "a", false, false, ""],
  [" a =b;secure;HTTPONLY;samesite=lax", "a", true, true, "lax"],
  ["a=secure; httponly=yes", "a", false, true, ""],
  ["a=b; SameSite=None; SameSite=Lax", "a", false, false, "lax"],
  ["a=b; SameSite=Whatever", "a", false, false, ""],
  ["s3cret; Secure", "", true, false, ""],
  ["=s3cret", "", false, false, ""],
  ["a=b=s3cret", "a", false, false, ""],
])("a cookie of %j is %s, %s, %s, %s", (header, name, secure, httpOnly, sameSite) => {
  expect(cookieFacts(header)).toEqual({ name, secure, httpOnly, sameSite });
});

test("of any cookie the value is left where it is", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 50 }), (value, rest) => {
      const marked = `\u0001${value.replaceAll(";", "")}`;
      expect(JSON.stringify(cookieFacts(`name=${marked};${rest}`))).not.toContain("\\u0001");
    }),
  );
});
