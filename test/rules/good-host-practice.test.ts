import { describe, expect, test } from "vitest";
import { type Change, failing, remarking, rules } from "./good-host.ts";

describe("good practice beyond the guide", () => {
  test("a good host leaves nothing to remark", () => {
    expect(remarking({})).toEqual([]);
  });

  test.each<[string, Change]>([
    ["container-engine-socket", { "host.containers.0.reachesEngine": true }],
    ["container-privileged", { "host.containers.0.privileged": true }],
    ["container-root", { "host.containers.0.startsAsRoot": true }],
    ["container-health", { "host.containers.0.health": "unhealthy" }],
    ["openclaw-root", { "host.openclaw.runsAsRoot": true }],
    ["openclaw-file-modes", { "host.openclaw.privateFiles.0.othersRead": true }],
    ["clock-synchronisation", { "host.clock.synchronized": false }],
    ["admin-ui-hsts", { "network.http.0.hstsMaxAgeSeconds": -1 }],
    ["ssh-root-login", { "host.sshd.effective.1.permitRootLogin": "prohibit-password" }],
  ])("%s is remarked alone, and fails nothing", (rule, change) => {
    expect(remarking(change)).toEqual([rule]);
    expect(failing(change)).toEqual([]);
  });

  test.each(["healthy", "starting", "none"])("a container that is %s is not unhealthy", (health) => {
    expect(remarking({ "host.containers.0.health": health })).toEqual([]);
  });

  test("its rules are all of level info", () => {
    const levels = rules.filter(({ section }) => section === "practice").map(({ rule }) => rule.level);
    expect(new Set(levels)).toEqual(new Set(["info"]));
  });
});
