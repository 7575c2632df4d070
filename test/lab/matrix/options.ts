import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";

/** The parts of a run, in their order. */
const parts = ["tests", "profiles", "faults", "blindness"] as const;
/** Images are built before anything is run; on their own they are those that all parts would need. */
const choices = ["images", ...parts] as const;
export type Part = (typeof choices)[number];

/** What the command line asks for. */
export interface Options {
  /** All faults and ways, not only the choice marked with ci. */
  readonly all: boolean;
  /** Ids of the faults that are run, and nothing else. */
  readonly fault: readonly string[];
  /** Ids of the ways to blind that are run, and nothing else. */
  readonly way: readonly string[];
  /** Only what runs on hosts of this profile. */
  readonly profile: string | undefined;
  readonly only: readonly Part[];
  /** Hosts at a time. */
  readonly jobs: number;
  /** File that gets everything as JSON. */
  readonly results: string | undefined;
  /** Audits of the same host; 0 for none. */
  readonly repeat: number;
}

/** Reads the arguments; prints help or what is wrong with them, and ends the process, where that is asked for. */
export function parseOptions(args: readonly string[]): Options {
  const command = new Command("test:lab")
    .description("Tests against real hosts: tests of this folder, profiles, faults, and ways to blind the audit.")
    .option(
      "--all",
      "all profiles, faults and ways, not only those marked ci: true; each host is audited itself before it is broken, not once for all of its profile",
      false,
    )
    .option("--fault <id...>", "only these faults", [])
    .option("--way <id...>", "only these ways to blind the audit", [])
    .option("--profile <name>", "only what runs on hosts of this profile")
    .addOption(new Option("--only <part...>", "only these parts").choices(choices).default([]))
    .option("--jobs <number>", "hosts at a time", count, defaultJobs())
    .option("--results <file>", "write everything as JSON to this file")
    .option("--repeat <number>", "audit a host of --profile this often; its findings must not differ", count, 0)
    .allowExcessArguments(false);
  const given = command.parse(args, { from: "user" }).opts<Options>();
  if (given.repeat > 0 && given.profile === undefined) command.error("error: --repeat goes with --profile");
  return { ...given, profile: given.profile, results: given.results };
}

/** The parts that are run: those asked for, or those that what else was asked for is about, or all. */
export function partsOf({ only, fault, way, profile }: Options): readonly Part[] {
  if (only.length > 0) return choices.filter((part) => only.includes(part));
  if (fault.length + way.length > 0) {
    return parts.filter((part) => (part === "faults" && fault.length > 0) || (part === "blindness" && way.length > 0));
  }
  return profile === undefined ? parts : parts.filter((part) => part !== "tests");
}

/** An audit mostly waits for ports that do not answer, so more hosts than cores keep the cores busy. */
function defaultJobs(): number {
  return Math.max(1, Math.ceil(availableParallelism() * 1.5));
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number from 1 is needed");
}
