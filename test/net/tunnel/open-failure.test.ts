import { expect, test } from "vitest";
import { readRefusal } from "#net/tunnel/open-failure.ts";

/** As ssh2 gives them of what OpenSSH 9.2p1 and Dropbear 2022.83 on Debian 12 answered. */
const captured = [
  ["OpenSSH", 2, "Connection refused", "closed"],
  ["OpenSSH", 2, "No route to host", "rejected"],
  ["OpenSSH, ICMPv6 prohibited", 2, "Permission denied", "rejected"],
  ["OpenSSH, ICMP no route", 2, "Network is unreachable", "unrouted"],
  ["OpenSSH, after 130 s", 2, "Connection timed out", "silent"],
  ["OpenSSH without a route of its own", 2, "open failed", "starved"],
  ["OpenSSH without a file to spare", 2, "open failed", "starved"],
  ["OpenSSH, a name that does not resolve", 2, "Temporary failure in name resolution", "starved"],
  ["OpenSSH, AllowTcpForwarding no", 1, "open failed", "prohibited"],
  ["Dropbear", 2, "Connection refused", "closed"],
  ["Dropbear without a route of its own", 2, "Network is unreachable", "unrouted"],
  ["Dropbear without a file to spare", 2, "unexpected failure", "starved"],
  ["Dropbear beyond 1000 channels", 4, "", "starved"],
  ["Dropbear -j", 1, "", "prohibited"],
] as const;

test.each(captured)("%s: reason %i, %j", (_server, reason, text, refusal) => {
  expect(readRefusal({ reason, message: `(SSH) Channel open failure: ${text}` })).toBe(refusal);
});

test("what no server is known to say shows nothing of the port", () => {
  for (const reason of [0, 2, 4, 99, undefined, "x"]) {
    expect(readRefusal({ reason, message: "(SSH) Channel open failure: \u001b[31mnonsense" })).toBe("starved");
  }
});
