import { expect, test } from "vitest";
import type { Alerts } from "#evidence/alerts.ts";
import { captured, read, value } from "./capture.ts";

const alertsOf = (name: string) => value(read(captured(`fail2ban-1.0.2/alerts-${name}`)), "alerts") as Alerts;
const hidden = { $unknown: expect.any(String) };
const mailed = { watched: true, told: true, channels: ["mail"] };

test("on a host that follows the guide somebody is told of everything", () => {
  expect(alertsOf("root")).toEqual({
    ssh: { ...mailed, by: "fail2ban: sshd" },
    adminUi: { ...mailed, by: "fail2ban: nginx-denied, nginx-http-auth, openclaw-auth" },
    monitors: [{ name: "UptimeRobot", means: "requests", timesLastDay: 289, lastSeenMinutes: 3 }],
    errorNotices: [
      {
        name: "openclaw-gateway.service: OnFailure=notify@openclaw-gateway.service.service",
        about: "failure",
        active: true,
        told: true,
        channels: ["mail", "webhook"],
        reaches: true,
        destinationFault: "",
      },
      {
        name: "openclaw-errors.service",
        about: "log",
        active: true,
        told: true,
        channels: ["mail"],
        reaches: true,
        destinationFault: "",
      },
    ],
  });
});

test("the rule of sudo shows the same but where notices go, which stands in a file that is root's", () => {
  const root = alertsOf("root");
  expect(alertsOf("ops")).toEqual({
    ...root,
    monitors: [{ ...root.monitors[0], lastSeenMinutes: 2 }],
    errorNotices: root.errorNotices.map((notice) => ({ ...notice, reaches: hidden })),
  });
});

test("a login without rights is told neither of jails nor of requests", () => {
  const { ssh, adminUi, monitors } = alertsOf("viewer");
  const nothing = { watched: hidden, by: "", told: hidden, channels: [] };
  expect({ ssh, adminUi, monitors }).toEqual({ ssh: nothing, adminUi: nothing, monitors: [hidden] });
});

test("fail2ban that is off, that does not look at SSH, and that tells nobody", () => {
  const none = { watched: false, by: "", told: false, channels: [] };
  expect(alertsOf("off")).toMatchObject({ ssh: none, adminUi: none });
  expect(alertsOf("without-sshd")).toMatchObject({ ssh: none, adminUi: mailed });
  const untold = { watched: true, told: false, channels: [] };
  expect(alertsOf("without-mail")).toMatchObject({ ssh: untold, adminUi: untold });
});

test("notices to nowhere", () => {
  expect(alertsOf("nowhere").errorNotices).toMatchObject([
    {
      reaches: false,
      destinationFault: "the address of its mail is empty; the address of its webhook is a placeholder",
    },
    { reaches: false, destinationFault: "the address of its mail is empty" },
  ]);
});

test("without OnFailure, with its timer off and without a monitor", () => {
  const { errorNotices, monitors } = alertsOf("unheard");
  expect(errorNotices).toMatchObject([{ name: "openclaw-errors.service", active: false }]);
  expect(monitors).toEqual([]);
});

test("no address and no webhook leaves the host", () => {
  for (const name of ["root", "ops", "nowhere"]) {
    const text = captured(`fail2ban-1.0.2/alerts-${name}`).toString();
    expect(text).not.toMatch(/alerts@|hooks\.slack|T0LAB|@lab\.test/);
  }
});

test("without awk nothing is said to be missing", () => {
  const { ssh, adminUi, monitors, errorNotices } = alertsOf("no-awk");
  expect([ssh.told, adminUi.told, monitors.at(-1), errorNotices.at(-1)]).toEqual([hidden, hidden, hidden, hidden]);
});
