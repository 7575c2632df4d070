import { expect, test } from "vitest";
import { parseLogin } from "#audit/login.ts";
import { InputError } from "#model/input-error.ts";

test.each([
  ["ops@claw.example.jp", { user: "ops", host: "claw.example.jp" }],
  ["ops@203.0.113.5:2222", { user: "ops", host: "203.0.113.5", port: 2222 }],
  ["ops@[2001:db8::5]:2222", { user: "ops", host: "2001:db8::5", port: 2222 }],
  ["ops@[2001:db8::5]", { user: "ops", host: "2001:db8::5" }],
])("%s is read", (text, login) => {
  expect(parseLogin(text)).toEqual(login);
});

test.each(["claw.example.jp", "ops@", "@host", "ops@host:0", "ops@host:99999", "ops@ho st", "ops@host:ssh", ""])(
  "%s is refused",
  (text) => {
    expect(() => parseLogin(text)).toThrow(InputError);
  },
);

test("an IPv6 address without brackets is the host, not a port", () => {
  expect(parseLogin("ops@2001:db8::5")).toEqual({ user: "ops", host: "2001:db8::5" });
});
