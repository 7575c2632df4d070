import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cipherSuites } from "#net/tls/suites.ts";
import type { TlsSurvey } from "#net/tls/survey.ts";

/** Accepted pairs as `TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA`, in the order in which a program gives them. */
export type Pairs = readonly string[];

const run = promisify(execFile);
const names = new Map(cipherSuites.flatMap(({ name, openssl }) => [[name, name] as const, [openssl, name] as const]));

/** nmap's names of TLS 1.3's suites have an exchange in them; all else is IANA's or OpenSSL's. */
function pair(version: string, suite: string): string {
  const plain = suite.replace("TLS_AKE_WITH_", "TLS_");
  return `${version.replace(/^TLSv1\.0$/, "TLSv1")} ${names.get(plain) ?? plain}`;
}

/** What a survey found. */
export function pairsOf(survey: TlsSurvey): Pairs {
  const name = new Map(cipherSuites.map((suite) => [suite.code, suite.name]));
  return survey.versions.flatMap(({ version, suites }) =>
    suites.map(({ code }) => `${version} ${name.get(code) ?? code}`),
  );
}

/** Command of nmap that gives versions and suites. */
export const nmapCommand = (port: number) => [
  "nmap",
  "-Pn",
  "-n",
  "-p",
  String(port),
  "--script",
  "ssl-enum-ciphers",
  "-oX",
  "-",
  "127.0.0.1",
];

/** Command of sslscan that gives versions and suites and nothing else. */
export const sslscanCommand = (port: number) => [
  "sslscan",
  "--no-fallback",
  "--no-renegotiation",
  "--no-compression",
  "--no-heartbleed",
  "--no-check-certificate",
  "--no-groups",
  "--xml=-",
  `127.0.0.1:${port}`,
];

/** Command of testssl.sh that gives every suite by version. */
export const testsslCommand = (port: number, json: string) => [
  "testssl",
  "--quiet",
  "--color",
  "0",
  "-E",
  "--mapping",
  "iana",
  "--jsonfile",
  json,
  `127.0.0.1:${port}`,
];

/** Reads what nmap wrote. */
export function readNmap(xml: string): Pairs {
  const versions = xml.split(/<table key="(?=(?:SSL|TLS)v[\d.]+">)/).slice(1);
  return versions.flatMap((table) => {
    const version = table.slice(0, table.indexOf('"'));
    return [...table.matchAll(/<elem key="name">([^<]+)<\/elem>/g)].map(([, name = ""]) => pair(version, name));
  });
}

/** Reads what sslscan wrote. */
export function readSslscan(xml: string): Pairs {
  return [...xml.matchAll(/<cipher status="[a-z]+" sslversion="([^"]+)"[^>]* cipher="([^"]+)"/g)].map(
    ([, version = "", name = ""]) => pair(version, name),
  );
}

/** Reads what testssl.sh wrote. */
export function readTestssl(json: string): Pairs {
  const findings = JSON.parse(json) as { id: string; finding: string }[];
  return findings.flatMap(({ id, finding }) => {
    const version = /^cipher-(tls1(?:_[123])?|ssl[23])_x/.exec(id)?.[1];
    const suite = finding.trim().split(/\s+/).at(-1) ?? "";
    if (version === undefined) return [];
    return [pair(version.replace("ssl", "SSLv").replace("tls1", "TLSv1").replace("_", "."), suite)];
  });
}

/** Runs a program and gives what it wrote. */
export async function outputOf([file = "", ...args]: readonly string[]): Promise<string> {
  return (await run(file, args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}
