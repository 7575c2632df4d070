import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { dayOf, isDay } from "#attestation/days.ts";
import { blobOfLine } from "#attestation/public-key.ts";
import { parseSignature } from "#attestation/sshsig.ts";
import { lastDayOf, type Standing, standingOf } from "#attestation/standing.ts";
import { textWith } from "#audit/attestations-file.ts";
import { readNamedFile } from "#audit/json-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { signStatement } from "#audit/sign-statement.ts";
import { loadConfig } from "#catalog/config.ts";
import { loadStatable } from "#catalog/load.ts";
import { attestationsFile } from "#cli/attestations.ts";
import { pickLocale } from "#cli/locale.ts";
import { product } from "#cli/product.ts";
import { note, print } from "#cli/terminal.ts";
import { attestTexts } from "#cli/texts.ts";
import { objectionText } from "#engine/objections.ts";
import type { Attestation, Attestor, Claim, Statement } from "#model/attestation.ts";
import type { Config } from "#model/config.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import { visible } from "#model/sanitise.ts";
import type { Locale } from "#model/text.ts";

/** Flags of attest, as commander hands them over. */
export interface AttestFlags {
  readonly config?: string;
  readonly target?: string;
  readonly by?: string;
  readonly role?: string;
  readonly on?: string;
  readonly from?: string;
  readonly until?: string;
  readonly evidence?: string;
  readonly not?: boolean;
  readonly key?: string;
  readonly unsigned?: boolean;
  readonly out?: string;
  readonly lang?: string;
}

const longestShown = 400;
const longestKey = 4096;

/** Records what a person states of a server, signed, in the file of attestations. Gives the exit code. */
export function attest(requirement: string, flags: AttestFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const today = dayOf(new Date());
  const configFile = flags.config ?? (existsSync("sekisho.yaml") ? "sekisho.yaml" : undefined);
  const config = configFile === undefined ? undefined : loadConfig(configFile);
  const claim = claimOf(requirement);
  const target = targetOf(config, flags);
  const attestors = attestorsOf(config, target);
  if (flags.key === undefined && flags.unsigned !== true) {
    throw new InputError("Nothing was given to sign with.", {
      hint: "Add --key with your private key, such as ~/.ssh/id_ed25519, or a .pub file whose key your agent holds.",
    });
  }
  const file = attestationsFile({ flag: flags.out, configFile, config });
  const statement = statementOf({ claim, target, attestors, today }, flags);
  note(`${attestTexts[statement.holds ? "states" : "denies"][locale]}:\n  ${claim.claim[locale]}`);
  const signature =
    flags.unsigned === true || flags.key === undefined ? undefined : signStatement(statement, flags.key);
  const attestation: Attestation = { statement, ...(signature === undefined ? {} : { signature }) };
  writeOrRefuse(file, textWith(file, attestation));
  print(`${attestTexts.wrote[locale]}: ${file}`);
  const standing = standingOf(attestation, { claim, targetId: target, attestors, today });
  print(describe(attestation, standing, locale));
  if (flags.evidence === undefined) note(attestTexts.noEvidence[locale]);
  if (config === undefined) note(`${attestTexts.handOver[locale]}: --attestations ${file}`);
  return exitCodes.passed;
}

function claimOf(requirement: string): Claim {
  const claims = loadStatable(product.rules);
  const found = claims.find((claim) => claim.requirement === requirement.toUpperCase());
  if (found !== undefined) return found;
  const list = claims.map((claim) => `${claim.requirement} (${claim.claim.en})`).join("\n    ");
  throw new InputError(`Nothing can be stated on "${visible(requirement, 40)}".`, {
    hint: `Statements are taken on:\n    ${list}`,
  });
}

function targetOf(config: Config | undefined, { target }: AttestFlags): string {
  const ids = config?.targets.map(({ id }) => id);
  const only = ids?.length === 1 ? ids[0] : undefined;
  const id = target ?? only;
  if (id === undefined) {
    throw new InputError("It is not clear which server this is about.", {
      hint: `Add --target ${ids === undefined ? "with the id the server is audited under" : `with one of: ${ids.join(", ")}`}.`,
    });
  }
  if (ids === undefined || ids.includes(id)) return id;
  throw new InputError(`There is no target "${visible(id, 80)}" in the configuration.`, {
    hint: `It holds: ${ids.join(", ")}.`,
  });
}

function attestorsOf(config: Config | undefined, target: string): readonly Attestor[] {
  const own = config?.targets.find(({ id }) => id === target)?.policy?.attestors;
  return own ?? config?.policy?.attestors ?? [];
}

interface Circumstances {
  readonly claim: Claim;
  readonly target: string;
  readonly attestors: readonly Attestor[];
  readonly today: string;
}

function statementOf({ claim, target, attestors, today }: Circumstances, flags: AttestFlags): Statement {
  const on = dayFrom("--on", flags.on) ?? today;
  const from = dayFrom("--from", flags.from) ?? today;
  const limit = lastDayOf(claim, on);
  const until = dayFrom("--until", flags.until) ?? limit;
  checkDays({ on, from, until, limit, today });
  return {
    target,
    requirement: claim.requirement,
    claim: claim.claim,
    holds: flags.not !== true,
    on,
    from,
    until,
    by: signerOf(flags, attestors),
    ...(flags.evidence === undefined ? {} : { evidence: evidenceOf(flags.evidence) }),
  };
}

function dayFrom(option: string, text: string | undefined): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw new InputError(`${option} "${visible(text, 40)}" is not a day.`, {
    hint: "Write a day that exists as YYYY-MM-DD.",
  });
}

function checkDays(days: Readonly<Record<"on" | "from" | "until" | "limit" | "today", string>>): void {
  const { on, from, until, limit, today } = days;
  const wrong = (message: string, hint: string) => new InputError(message, { hint });
  if (on > today) throw wrong(`--on ${on} has not come yet; today is ${today} in Japan.`, "State it once it was done.");
  if (from < on)
    throw wrong(`--from ${from} is before ${on}, the day it was done.`, "Leave --from out, or give a later day.");
  if (until > limit) {
    throw wrong(`--until ${until} is later than ${limit}, the last day on which this can count.`, "Leave --until out.");
  }
  if (until < from || until < today) {
    throw wrong(
      `It would count until ${until} and today is ${today}: it has expired before it began.`,
      "Do it again, and give the new day with --on.",
    );
  }
}

/** Who states it: as named, else whose key it is, else the only one who may. */
function signerOf({ by, role, key }: AttestFlags, attestors: readonly Attestor[]): Statement["by"] {
  const named = attestors.filter((attestor) => by === undefined || attestor.name === by);
  const suited = named.filter((attestor) => role === undefined || attestor.role === role);
  const owned = suited.filter((attestor) => blobOfLine(attestor.key).equals(publicBlobBeside(key)));
  const candidates = owned.length > 0 ? owned : suited;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return { name: only.name, role: only.role };
  if (by?.trim() && role?.trim()) return { name: by, role };
  const known = attestors.map((attestor) => `${attestor.name} (${attestor.role})`).join(", ");
  throw new InputError("It is not clear who states this, and in what role.", {
    hint: `Add --by NAME and --role ROLE.${known === "" ? "" : ` policy.attestors has: ${known}.`}`,
  });
}

/** The public key in a file or in the .pub file beside it; empty where there is none. */
function publicBlobBeside(key: string | undefined): Buffer {
  if (key === undefined) return Buffer.alloc(0);
  const file = key.endsWith(".pub") ? key : `${key}.pub`;
  try {
    return blobOfLine(readFileSync(file, "utf8"));
  } catch {
    // There need not be one: then the person has to be named.
    return Buffer.alloc(0);
  }
}

function evidenceOf(file: string): NonNullable<Statement["evidence"]> {
  const bytes = readNamedFile(file);
  return { name: basename(file), sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
}

function describe({ statement, signature }: Attestation, standing: Standing, locale: Locale): string {
  const { requirement, target, by, on, until } = statement;
  const facts = `${requirement} ${target}: ${by.name} (${by.role}), ${attestTexts.on[locale]} ${on}, ${attestTexts.until[locale]} ${until}`;
  const lines = [visible(facts, longestShown)];
  if (standing.objection === undefined)
    return [...lines, `${attestTexts.counts[locale]} ${standing.key ?? ""}`].join("\n");
  lines.push(`${attestTexts.doesNotCount[locale]}: ${objectionText(statement, standing.objection)[locale]}`);
  if (standing.objection.code === "unknown-key") lines.push(...howToList(by, signature, locale));
  return lines.join("\n");
}

/** The lines that would make the key's owner an attestor. */
function howToList(by: Statement["by"], armoured: string | undefined, locale: Locale): readonly string[] {
  const parsed = parseSignature(armoured ?? "");
  if (!parsed.ok) return [];
  const { type, blob } = parsed.signature.key;
  const entry = { ...by, key: `${type} ${blob.toString("base64")}` };
  const fields = Object.entries(entry).map(([name, value]) => `${name}: ${JSON.stringify(visible(value, longestKey))}`);
  return [`${attestTexts.list[locale]}:`, "  policy:", "    attestors:", `      - { ${fields.join(", ")} }`];
}
