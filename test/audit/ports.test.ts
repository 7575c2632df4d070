import { expect, test } from "vitest";
import { allPorts, parsePorts } from "#audit/ports.ts";
import { InputError } from "#model/input-error.ts";

test("all ports are 1 to 65535", () => {
  const ports = allPorts();
  expect([ports.length, ports[0], ports.at(-1)]).toEqual([65535, 1, 65535]);
});

test.each([
  ["22", [22]],
  ["443,22", [22, 443]],
  ["8000-8003", [8000, 8001, 8002, 8003]],
  [" 22 , 21-23", [21, 22, 23]],
])("%s is read", (text, ports) => {
  expect(parsePorts(text)).toEqual(ports);
});

test.each(["", "0", "65536", "80-70", "ssh", "22,,80", "-1", "1e3", "22-"])("%s is refused", (text) => {
  expect(() => parsePorts(text)).toThrow(InputError);
});
