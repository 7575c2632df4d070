import { describe, expect, it } from "vitest";
import { type Change, failing } from "./good-host.ts";

const at = "host.alerts";
const statement = { holds: false, by: "Hanako Sato", role: "operator", on: "2026-11-01", until: "2027-05-01" };

describe("a host that tells of attempts, outages and errors", () => {
  it.each<[string, Change, readonly string[]]>([
    [
      "fail2ban is off",
      {
        [`${at}.ssh.watched`]: false,
        [`${at}.ssh.told`]: false,
        [`${at}.adminUi.watched`]: false,
        [`${at}.adminUi.told`]: false,
      },
      ["attempt-alert", "attempt-watch"],
    ],
    ["no jail looks at the admin UI", { [`${at}.adminUi.watched`]: false }, ["attempt-watch"]],
    ["bans are told to nobody", { [`${at}.ssh.told`]: false }, ["attempt-alert"]],
    // A monitor that asks by ping leaves no trace: only a statement makes it fail.
    ["no monitor was seen", { [`${at}.monitors`]: [] }, []],
    [
      "no monitor was seen, and a statement says that there is none",
      { [`${at}.monitors`]: [], "attested.livenessMonitor": statement },
      ["liveness-monitor"],
    ],
    [
      "the monitor fell silent, and a statement says so",
      { [`${at}.monitors.0.lastSeenMinutes`]: 1441, "attested.livenessMonitor": statement },
      ["liveness-monitor"],
    ],
    ["nothing tells of errors", { [`${at}.errorNotices`]: [] }, []],
    [
      "nothing tells of errors, and a statement says so",
      { [`${at}.errorNotices`]: [], "attested.errorNotice": statement },
      ["error-notice"],
    ],
    [
      "a notice goes nowhere",
      { [`${at}.errorNotices.0.destinationFault`]: "the address of its mail is empty" },
      ["error-notice-destination"],
    ],
  ])("%s", (_, change, expected) => {
    expect(failing(change)).toEqual(expected);
  });
});
