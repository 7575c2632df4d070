import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseLogin } from "#audit/login.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { checkHost, parseAuthoriser, safeId } from "#audit/request.ts";
import { parseConfig } from "#catalog/config.ts";
import { configTemplate, type InitAnswers } from "#cli/config-template.ts";
import { pickLocale } from "#cli/locale.ts";
import { product } from "#cli/product.ts";
import { note, print } from "#cli/terminal.ts";
import { initTexts } from "#cli/texts.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Locale } from "#model/text.ts";
import { isUnknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { resolveName } from "#net/dns.ts";

/** Flags of init, as commander hands them over. */
export interface InitFlags {
  readonly out: string;
  readonly id?: string;
  readonly host?: string;
  readonly pattern?: string;
  readonly adminUrl?: string;
  readonly ssh?: string;
  readonly authorisedBy?: string;
  readonly force?: boolean;
  readonly lang?: string;
}

/** Writes a commented sekisho.yaml from flags, asking for what is missing when on a terminal. Gives the exit code. */
export async function init(flags: InitFlags): Promise<number> {
  const locale = pickLocale(flags.lang, process.env);
  if (existsSync(flags.out) && flags.force !== true) {
    throw new InputError(`${flags.out} is there already.`, { hint: "Choose another file with --out, or add --force." });
  }
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const answers = await (interactive ? ask(flags, locale) : fromFlags(flags));
  const text = configTemplate(answers, locale);
  parseConfig(text, flags.out);
  writeOrRefuse(flags.out, text);
  print(`${initTexts.wrote[locale]}: ${flags.out}`);
  print(`${initTexts.next[locale]}: sekisho doctor ${answers.id}`);
  return exitCodes.passed;
}

async function fromFlags(flags: InitFlags): Promise<InitAnswers> {
  if (flags.host === undefined) {
    throw new InputError("There is no terminal to ask on, and --host was not given.", {
      hint: "Write for instance sekisho init --host claw.example.jp --ssh ops@claw.example.jp.",
    });
  }
  checkHost(flags.host);
  if (flags.id !== undefined) checkId(flags.id);
  if (flags.adminUrl !== undefined) checkUrl(flags.adminUrl);
  return await answersOf({ ...flags, host: flags.host });
}

async function ask(flags: InitFlags, locale: Locale): Promise<InitAnswers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const question = async (text: string, known: string | undefined, check: Check, fallback = ""): Promise<string> => {
    if (known !== undefined) return known;
    for (;;) {
      const answer = (await lines.question(`${text}${fallback === "" ? "" : ` [${fallback}]`}: `)).trim() || fallback;
      const wrong = answer === "" ? undefined : wrongWith(answer, check);
      if (wrong === undefined) return answer;
      note(wrong);
    }
  };
  try {
    const host = await question(initTexts.host[locale], flags.host, checkHost, "localhost");
    const remote = host !== "localhost";
    return await answersOf({
      host,
      id: await question(initTexts.id[locale], flags.id, checkId, safeId(host)),
      pattern: await question(initTexts.pattern[locale], flags.pattern, checkPattern, "vps"),
      adminUrl: await question(initTexts.adminUrl[locale], flags.adminUrl, checkUrl),
      ssh: remote ? await question(initTexts.ssh[locale], flags.ssh, parseLogin) : "",
      authorisedBy: remote ? await question(initTexts.authorisedBy[locale], flags.authorisedBy, parseAuthoriser) : "",
    });
  } finally {
    lines.close();
  }
}

/** Throws InputError for an answer that cannot be taken. */
type Check = (answer: string) => unknown;

function wrongWith(answer: string, check: Check): string | undefined {
  try {
    check(answer);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.hint ?? ""}`;
    throw error;
  }
}

function checkId(id: string): void {
  if (safeId(id) !== id) {
    throw new InputError(`"${id}" is not a short name.`, {
      hint: "Use letters, digits, dots, dashes and underscores.",
    });
  }
}

function checkPattern(pattern: string): "in-house" | "vps" {
  if (pattern === "in-house" || pattern === "vps") return pattern;
  throw new InputError(`"${pattern}" is not a pattern.`, { hint: "Answer in-house or vps." });
}

function checkUrl(url: string): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new InputError(`"${url}" is not the URL of a web page.`, {
      hint: "Write for instance https://claw.example.jp/.",
    });
  }
}

type RawAnswers = { readonly host: string } & Partial<
  Record<"id" | "pattern" | "adminUrl" | "ssh" | "authorisedBy", string | undefined>
>;

async function answersOf(raw: RawAnswers): Promise<InitAnswers> {
  const given = (text: string | undefined) => (text === undefined || text === "" ? undefined : text);
  const pattern = given(raw.pattern);
  if (pattern !== undefined && pattern !== "in-house" && pattern !== "vps") {
    throw new InputError(`"${pattern}" is not a pattern.`, { hint: "Answer in-house or vps." });
  }
  const ssh = given(raw.ssh);
  return {
    host: raw.host,
    id: given(raw.id) ?? safeId(raw.host),
    pattern: pattern === undefined ? undefined : checkPattern(pattern),
    adminUrl: given(raw.adminUrl),
    ssh: ssh === undefined ? undefined : parseLogin(ssh),
    authorisedBy: given(raw.authorisedBy),
    addresses: await addressesOf(raw.host),
    schemaFile: join(product.root, "docs", "schemas", "config-1.json"),
  };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const parsed = parseAddress(host);
  if (parsed !== undefined) return [parsed.address];
  if (host === "localhost") return [];
  const { ipv4, ipv6 } = await resolveName(host, { timeoutMs: 3_000, signal: AbortSignal.timeout(3_500) });
  return [ipv4, ipv6].flatMap((list) => (isUnknown(list) ? [] : list));
}
