import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createTrustStore, trustOf } from "#net/trust.ts";
import { issue } from "./peers.ts";

const root = issue({ subject: "Root", ca: true });
const between = issue({ subject: "Between", ca: true }, root);
const lapsed = issue({ subject: "Lapsed", ca: true, fromDays: -20, untilDays: -10 }, root);
const notCa = issue({ subject: "Not CA" }, root);
const store = createTrustStore([root.cert]);
const old = { fromDays: -20, untilDays: -10 };

const chains = {
  expired: [issue({ subject: "leaf", ...old }, between), between],
  expiredWithoutIntermediate: [issue({ subject: "leaf", ...old }, between)],
  expiredSelfSigned: [issue({ subject: "leaf", ...old })],
  expiredUnderLapsed: [issue({ subject: "leaf", ...old }, lapsed), lapsed],
  expiredUnderStranger: [issue({ subject: "leaf", ...old }, issue({ subject: "Root", ca: true }))],
  expiredUnderNotCa: [issue({ subject: "leaf", ...old }, notCa), notCa],
  expiredWithRoot: [issue({ subject: "leaf", ...old }, between), between, root],
  expiredOutOfOrder: [issue({ subject: "leaf", ...old }, between), root, between],
};

test.each([
  ["expired", true, ""],
  ["expiredWithRoot", true, ""],
  ["expiredOutOfOrder", true, ""],
  ["expiredWithoutIntermediate", false, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  ["expiredSelfSigned", false, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["expiredUnderLapsed", false, "CERT_HAS_EXPIRED"],
  ["expiredUnderStranger", false, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  ["expiredUnderNotCa", false, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
] as const)("%s: a path is told apart from dates", (name, trusted, error) => {
  const chain = chains[name].map(({ cert }) => new X509Certificate(cert));
  expect(trustOf(chain, "CERT_HAS_EXPIRED", { store, now: new Date() })).toEqual({ trusted, error });
});

test("without a complaint of dates OpenSSL's word stands", () => {
  const chain = chains.expired.map(({ cert }) => new X509Certificate(cert));
  expect(trustOf(chain, "", { store, now: new Date() })).toEqual({ trusted: true, error: "" });
  expect(trustOf(chain, "SELF_SIGNED_CERT_IN_CHAIN", { store, now: new Date() })).toEqual({
    trusted: false,
    error: "SELF_SIGNED_CERT_IN_CHAIN",
  });
});
