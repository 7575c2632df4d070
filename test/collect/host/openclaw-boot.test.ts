import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import { output, read, value } from "./capture.ts";

const systemUnit = (state: string) =>
  `Id=openclaw-gateway.service\nLoadState=loaded\nActiveState=active\n${state === "" ? "" : `UnitFileState=${state}\n`}User=openclaw\nMainPID=70\n`;
const systemProcess =
  "process 70 999 0 node\ncgroup /system.slice/openclaw-gateway.service\naccount openclaw /home/openclaw\n";
const userProcess = (...more: readonly string[]) =>
  [
    "process 70 1000 0 node",
    "cgroup /user.slice/user-1000.slice/user@1000.service/app.slice/openclaw-gateway.service",
    "account hanako /home/hanako",
    ...more,
    "",
  ].join("\n");

function enabledAtBoot(processes: string, unit?: string): unknown {
  const host = read(
    output([
      ["processes", "1 0 0 0 systemd"],
      ...(unit === undefined ? [] : [["openclaw.unit", unit] as const]),
      ["openclaw.processes", processes],
      ["openclaw.configs", ""],
    ]),
  );
  const { enabledAtBoot: enabled } = value(host, "openclaw") as { enabledAtBoot: unknown };
  return isUnknown(enabled) ? "unknown" : enabled;
}

test.each<[string, unknown]>([
  ["enabled", true],
  ["disabled", false],
  ["masked", false],
  ["enabled-runtime", false],
  ["static", "unknown"],
  ["generated", "unknown"],
  ["", "unknown"],
])("a system unit that is %s starts with the machine: %s", (state, expected) => {
  expect(enabledAtBoot(systemProcess, systemUnit(state))).toBe(expected);
});

test.each<[string, readonly string[], unknown]>([
  ["wanted, by a user that lingers", ["linger yes", "wants seen", "wanted openclaw-gateway.service"], true],
  ["wanted, by a user that does not linger", ["linger no", "wants seen", "wanted openclaw-gateway.service"], false],
  ["not wanted", ["linger yes", "wants seen", "wanted openclaw-other.service"], false],
  ["in a home that may not be read", ["linger yes"], "unknown"],
  ["of a user of whom nothing was seen", [], "unknown"],
])("a user's unit that is %s", (_what, lines, expected) => {
  expect(enabledAtBoot(userProcess(...lines))).toBe(expected);
});

test("another unit's state says nothing of the one that runs it", () => {
  const other = systemUnit("enabled").replace("openclaw-gateway", "openclaw-node");
  expect(enabledAtBoot(systemProcess, other)).toBe("unknown");
});

test("a process that no unit runs may come back or not", () => {
  expect(enabledAtBoot("process 70 999 0 node\ncgroup /init.scope\n")).toBe("unknown");
});
