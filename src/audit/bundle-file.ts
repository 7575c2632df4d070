import { isDeepStrictEqual } from "node:util";
import { countsOf } from "#engine/requirements.ts";
import { verdictOf } from "#engine/verdict.ts";
import { evidenceKinds } from "#evidence/registry.ts";
import { bundleSchema, type Evidence, EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import { Report, reportSchema } from "#model/report.ts";
import { departures } from "./check-schema.ts";
import { parseNamedJson, readNamedFile } from "./json-file.ts";
import { withLaterFields } from "./later-fields.ts";

/** Reads an evidence bundle and checks all of it. Throws InputError for another version, and for what is not one. */
export function readBundle(file: string): EvidenceBundle {
  return checkBundle(file, parseNamedJson(file, readNamedFile(file).toString("utf8")));
}

/** Checks a parsed bundle, down to each value's schema. Throws InputError. */
export function checkBundle(file: string, value: unknown): EvidenceBundle {
  demandSchema(file, value, bundleSchema, "evidence.json");
  refuse(file, departures(EvidenceBundle, value));
  // The check above is what makes this type true.
  const written = value as EvidenceBundle;
  const known: Readonly<Record<string, { readonly schema: Parameters<typeof departures>[0] }>> = evidenceKinds;
  const evidence = written.evidence.map((entry, index): Evidence => {
    const kind = Object.hasOwn(known, entry.kind) ? known[entry.kind] : undefined;
    if (kind === undefined) {
      throw new InputError(`${file}: evidence ${index} is of kind "${entry.kind}", which this version does not know.`, {
        hint: "Read it with the version of sekisho that wrote it (tool.version in the file).",
      });
    }
    if (!written.vantages.some((vantage) => vantage.id === entry.vantage)) {
      throw new InputError(
        `${file}: evidence ${index} names the vantage "${entry.vantage}", which the file does not list.`,
      );
    }
    if (entry.attempt.status !== "observed") return entry;
    const observed = withLaterFields(kind.schema, entry.attempt.value);
    refuse(file, departures(kind.schema, observed), `evidence ${index} (${entry.kind})`);
    return { ...entry, attempt: { ...entry.attempt, value: observed } };
  });
  return { ...written, evidence };
}

/** Reads a report and checks it. Throws InputError for another version, and for what is not one. */
export function readReport(file: string): Report {
  const value = parseNamedJson(file, readNamedFile(file).toString("utf8"));
  demandSchema(file, value, reportSchema, "report.json");
  refuse(file, departures(Report, value));
  // The check above is what makes this type true.
  const report = value as Report;
  refuse(file, contradictions(report));
  return report;
}

/** Where a report's verdict and counts are not what its own requirements give. */
function contradictions({ requirements, summary, verdict }: Report): readonly string[] {
  const must = countsOf(requirements, "must");
  const should = countsOf(requirements, "should");
  const expected = verdictOf({ must, should });
  const wrong: string[] = [];
  if (!isDeepStrictEqual({ must, should }, { must: summary.must, should: summary.should })) {
    wrong.push("its counts are not those of its requirements");
  }
  if (verdict.status !== expected.status || verdict.exitCode !== expected.exitCode) {
    wrong.push(`its verdict is ${verdict.status} where its requirements give ${expected.status}`);
  }
  return wrong;
}

function demandSchema(file: string, value: unknown, wanted: string, usual: string): void {
  const found = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (found === wanted) return;
  const family = wanted.replace(/\/\d+$/, "/");
  if (typeof found === "string" && found.startsWith(family)) {
    throw new InputError(`${file} has the format ${found.slice(0, 40)}; this version reads ${wanted}.`, {
      hint: "Read it with the version of sekisho that wrote it, or gather anew.",
    });
  }
  throw new InputError(`${file} is not what sekisho writes as ${usual}: its schema is not ${wanted}.`, {
    hint: `Give the ${usual} that sekisho wrote.`,
  });
}

function refuse(file: string, wrong: readonly string[], where = ""): void {
  if (wrong.length === 0) return;
  throw new InputError(`${file} is damaged${where === "" ? "" : ` in ${where}`}: ${wrong.join("; ")}.`, {
    hint: "It was changed or cut after it was written; gather anew or take the original.",
  });
}
