import { readFileSync } from "node:fs";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { issue } from "../hosts/authority.ts";
import type { LabHost } from "../hosts/host.ts";

const day = Type.String({ pattern: "^-?[0-9]+d$", description: "Days from now; a negative number is in the past" });

/** A certificate by the lab's authority that a fault finds on its host, in /etc/ssl/lab/fault. */
export const FaultCertificate = Type.Object(
  {
    names: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: "The host's own names when left out" })),
    notBefore: Type.Optional(day),
    notAfter: Type.Optional(day),
    keyBits: Type.Optional(Type.Integer({ minimum: 512, maximum: 8192 })),
  },
  { additionalProperties: false, title: "FaultCertificate" },
);
export type FaultCertificate = Readonly<Static<typeof FaultCertificate>>;

const dayMs = 86_400_000;

/** Issues the certificate and gives the script that writes it on the host. */
export async function certificateScript(
  { names, notBefore = "-30d", notAfter = "60d", keyBits = 2048 }: FaultCertificate,
  { name }: LabHost,
  folder: string,
): Promise<string> {
  const own = [`${name}.lab.test`, `claw.${name}.lab.test`];
  const options = { notBefore: dayFrom(notBefore), notAfter: dayFrom(notAfter), keyBits };
  const made = await issue(names ?? own, join(folder, "certificate"), options);
  const write = (path: string, target: string) =>
    `base64 -d > /etc/ssl/lab/fault/${target} <<'END'\n${readFileSync(path).toString("base64")}\nEND`;
  return [
    "mkdir -p /etc/ssl/lab/fault",
    "umask 077",
    write(made.key, "key.pem"),
    write(made.fullchain, "fullchain.pem"),
    "chmod 644 /etc/ssl/lab/fault/fullchain.pem",
  ].join("\n");
}

function dayFrom(text: string): Date {
  return new Date(Date.now() + Number.parseInt(text, 10) * dayMs);
}
