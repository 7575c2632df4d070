import { Command, InvalidArgumentError, Option } from "commander";
import { type FormatId, formatIds } from "#report/registry.ts";
import type { AttestFlags } from "./commands/attest.ts";
import type { GateFlags } from "./commands/gate.ts";
import type { GatherFlags } from "./commands/gather-targets.ts";
import type { InitFlags } from "./commands/init.ts";
import { preferSmallHeap } from "./memory.ts";
import { langOption } from "./options.ts";
import { toolOf } from "./product.ts";
import { addChanges } from "./program-changes.ts";
import { addSeals } from "./program-seal.ts";

/** The command line. Each command's code is loaded when it runs: `--help` needs none of it. */
export function program(): Command {
  const root = new Command("sekisho")
    .description("Audits a server that runs OpenClaw on premises against an operations guide.")
    .version(toolOf().version)
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError("Run sekisho --help for the commands.")
    .addHelpText("after", exitCodeHelp);
  addAudit(root);
  addSteps(root);
  addChanges(root);
  addSeals(root);
  addRules(root);
  addPreparation(root);
  return root;
}

const exitCodeHelp = `
Exit codes: 0 passed, 1 blocked (a must fails), 2 undecided (a must is not known),
  3 target or credentials unusable, 64 usage or input, 70 a fault of sekisho, 130 interrupted.

Examples:
  sekisho audit localhost
  sekisho audit 203.0.113.5 --ssh ops@203.0.113.5 --vantage outside --authorised-by "Hanako Sato (CISO), contract 114"
  sekisho doctor 203.0.113.5 --ssh ops@203.0.113.5 --authorised-by "Hanako Sato (CISO), contract 114"`;

function addAudit(root: Command): void {
  const audit = withGatherOptions(root.command("audit"))
    .description("look at servers from here and from inside, judge them and write the report")
    .argument("[target...]", "names in sekisho.yaml, host names, addresses, or localhost");
  withJudgeOptions(audit)
    .addOption(formatsOption())
    .addOption(failOnOption())
    .option("--sign <file>", "sign what is written with this private key, as sekisho sign does")
    .action(async (targets: string[], flags: GatherFlags) => {
      preferSmallHeap();
      const { auditTargets } = await import("./commands/audit.ts");
      process.exitCode = await auditTargets(targets, flags);
    });
  withGatherOptions(root.command("collect"))
    .description("only look: write evidence.json")
    .argument("[target...]", "as for audit")
    .action(async (targets: string[], flags: GatherFlags) => {
      preferSmallHeap();
      const { collectTargets } = await import("./commands/collect.ts");
      process.exitCode = await collectTargets(targets, flags);
    });
}

function addSteps(root: Command): void {
  withJudgeOptions(root.command("evaluate"))
    .description("judge evidence of one server: evidence.json files, and what the host script printed")
    .argument("<file...>", "evidence.json, or the output of the host script")
    .option("-c, --config <file>", "take the target and the policy from this sekisho.yaml")
    .option("--target <id>", "name of the target, for a file that holds only the host script's output")
    .addOption(attestationsOption())
    .option("--out <folder>", "where to write report.json (default: beside the first file)")
    .option("--now <time>", "judge as of this time (RFC 3339), to repeat an evaluation")
    .option("--sign <file>", "sign the report, and the evidence as it was judged, with this private key")
    .addOption(formatsOption())
    .addOption(failOnOption())
    .addOption(langOption())
    .action(async (files: string[], flags) => {
      const { evaluateFiles } = await import("./commands/evaluate.ts");
      process.exitCode = await evaluateFiles(files, flags);
    });
  root
    .command("report")
    .description("render a report.json")
    .argument("<file>", "report.json")
    .addOption(
      new Option("--format <list>", `formats: one for stdout or a file, several for a folder (${formatIds.join(", ")})`)
        .default(["html"], "html")
        .argParser(parseFormats),
    )
    .option("--out <file>", "write to this file instead of stdout; to this folder where it ends with / or for several")
    .addOption(langOption())
    .action(async (file: string, flags) => {
      const { renderFile } = await import("./commands/report.ts");
      process.exitCode = await renderFile(file, flags);
    });
  root
    .command("gate")
    .description("decide an exit code from report.json files: 0 passed, 1 blocked, 2 undecided")
    .argument("<file...>", "report.json")
    .addOption(
      new Option("--fail-on <what>", "a failing must, a failing should too, what is new, or what got worse")
        .choices(["must", "should", "new", "regression", "none"])
        .default("must"),
    )
    .option("--baseline <file>", "earlier report.json of the same target; needed for new and regression")
    .option("--max-age <duration>", "oldest evidence that may pass, such as 7d, 12h or 30m")
    .option("--require-coverage <percent>", "smallest part of the requirements in scope that is decided, such as 90%")
    .option("--json", "print the decision and each of its reasons as JSON")
    .addOption(langOption())
    .action(async (files: string[], flags: GateFlags) => {
      const { gateFiles } = await import("./commands/gate.ts");
      process.exitCode = gateFiles(files, flags);
    });
}

function addRules(root: Command): void {
  const rules = root.command("rules").description("list the rules, explain one, or test those of a folder");
  withJudgeOptions(rules.command("list"))
    .description("requirements and the rules that decide them")
    .addOption(langOption())
    .action(async (flags) => {
      const { listRules } = await import("./commands/rules.ts");
      process.exitCode = listRules(flags);
    });
  withJudgeOptions(rules.command("explain"))
    .description("what a rule or a requirement asks, why, from what evidence, and how to meet it")
    .argument("<id>", "id of a rule or a requirement")
    .addOption(langOption())
    .action(async (id: string, flags) => {
      const { explainRule } = await import("./commands/rules.ts");
      process.exitCode = explainRule(id, flags);
    });
  rules
    .command("test")
    .description("hold the rules of a folder to their fixtures, fixtures/ID/*.yaml in that folder")
    .argument("<folder>", "folder of rules, as for --rules")
    .action(async (folder: string) => {
      const { testRules } = await import("./commands/rules-test.ts");
      process.exitCode = testRules(folder);
    });
}

function addPreparation(root: Command): void {
  root
    .command("init")
    .description("write a commented sekisho.yaml; asks on a terminal")
    .option("--out <file>", "file to write", "sekisho.yaml")
    .option("--id <id>", "short name of the server")
    .option("--host <host>", "its host name or address")
    .addOption(new Option("--pattern <pattern>", "where it runs").choices(["in-house", "vps"]))
    .option("--admin-url <url>", "URL at which people open the admin UI")
    .option("--ssh <login>", "login, user@host[:port]")
    .option("--authorised-by <text>", '"who, reference"')
    .option("--force", "overwrite the file")
    .addOption(langOption())
    .action(async (flags: InitFlags) => {
      const { init } = await import("./commands/init.ts");
      process.exitCode = await init(flags);
    });
  addAttest(root);
  withGatherOptions(root.command("doctor"))
    .description("preflight: what can be seen of a server, and the line that changes each no")
    .argument("<target>", "as for audit")
    .action(async (target: string, flags: GatherFlags) => {
      const { doctor } = await import("./commands/doctor.ts");
      process.exitCode = await doctor(target, flags);
    });
  root
    .command("script")
    .description(
      "print the host script, for an owner who gives no SSH: sh collect.sh > host.txt, then evaluate host.txt",
    )
    .argument("[target]", "a target of sekisho.yaml: the script then looks for, and tries, what its policy says")
    .option("--config <file>", "configuration to read; sekisho.yaml when left out")
    .option("--user <name>", "login to ask sshd about")
    .option("--container <name>", "name of the OpenClaw container")
    .action(async (target: string | undefined, flags: { user?: string; container?: string; config?: string }) => {
      const { printScript } = await import("./commands/script.ts");
      process.exitCode = printScript(target, flags);
    });
  root
    .command("sudoers")
    .description("print the smallest sudoers(5) rule the host script needs")
    .argument("[user]", "login name on the target", "sekisho")
    .option("--container <name>", "name of OpenClaw's container; openclaw when left out")
    .action(async (user: string, flags: { container?: string }) => {
      const { printSudoers } = await import("./commands/script.ts");
      process.exitCode = printSudoers(user, flags);
    });
}

function addAttest(root: Command): void {
  root
    .command("attest")
    .description("record what no probe can see: a statement by a person, signed with an SSH key")
    .argument("<requirement>", "requirement it bears on, such as BKP-6")
    .option("-c, --config <file>", "configuration (default: sekisho.yaml where there is one)")
    .option("--target <id>", "server it is about (default: the only one in the configuration)")
    .option("--by <name>", "who states it (default: the attestor whose key signs)")
    .option("--role <role>", "in what role (default: the attestor's)")
    .option("--on <day>", "day on which it was done or seen, YYYY-MM-DD (default: today)")
    .option("--from <day>", "first day on which the statement counts (default: today)")
    .option("--until <day>", "last day on which it counts (default: what the requirement allows)")
    .option("--evidence <file>", "record, log or picture that shows it; its sha256 and size are signed")
    .option("--not", "state that it is not so, for instance that the restore failed")
    .option("--key <file>", "private key to sign with, or a .pub file whose key the agent holds")
    .option("--unsigned", "write it without a signature; it does not count")
    .option("--out <file>", "file it is added to (default: attestations of the configuration, else attestations.yaml)")
    .addOption(langOption())
    .action(async (requirement: string, flags: AttestFlags) => {
      const { attest } = await import("./commands/attest.ts");
      process.exitCode = attest(requirement, flags);
    });
}

function withGatherOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "configuration (default: sekisho.yaml where there is one)")
    .option("--ssh <login>", "log in to look from inside: user@host[:port]")
    .option("--identity <file>", "private key for the logins given here (default: the agent's keys, then ~/.ssh/id_*)")
    .option("--jump <login>", "bastion to go through: user@host[:port]")
    .option(
      "--accept-new-host-key [fingerprint]",
      "log in though the host key is not in known_hosts; a changed one never is accepted",
    )
    .option("--authorised-by <text>", 'who allowed this audit and on what ground: "who, reference"')
    .addOption(
      new Option("--vantage <role>", "where this machine stands to the server").choices(["outside", "allowed"]),
    )
    .option("--outside-via <login>", "look from outside through TCP forwarding of this SSH login: user@host[:port]")
    .option("--allowed-via <login>", "look from an allowed place through TCP forwarding of this SSH login")
    .option(
      "--control <address:port>",
      "server in scope that is known to answer from each place, to show that silence is the target's; may be repeated",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option("--ports <list>", "TCP ports to probe, such as 22,443,8000-8100 (default: all 65535)")
    .addOption(attestationsOption())
    .option("--timeout <seconds>", "longest wait for one connection", "2")
    .option("--out <folder>", "where results go", "sekisho-out")
    .option("--trace <file>", "time line of the run, to open in Perfetto or about:tracing (with one target)")
    .option("--quiet", "no progress")
    .addOption(new Option("--log-format <format>", "how progress is written").choices(["text", "json"]).default("text"))
    .addOption(langOption());
}

function withJudgeOptions(command: Command): Command {
  return command
    .option("--profile <name>", "profile to judge by: standard, enterprise, appi")
    .option(
      "--rules <folder>",
      "folder of further rules, laid out as the product's own; may be repeated",
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

function formatsOption(): Option {
  const names = formatIds.join(", ");
  return new Option("--format <list>", `formats: the first is printed, the others are written beside it (${names})`)
    .default(["text"], "text")
    .argParser(parseFormats);
}

function parseFormats(text: string): readonly FormatId[] {
  return text.split(",").map((word) => {
    const id = formatIds.find((each) => each === word.trim());
    if (id === undefined) throw new InvalidArgumentError(`Allowed choices are ${formatIds.join(", ")}.`);
    return id;
  });
}

function failOnOption(): Option {
  return new Option("--fail-on <level>", "lowest level that may fail the run")
    .choices(["must", "should", "none"])
    .default("must");
}

function attestationsOption(): Option {
  const usual = "default: attestations of the configuration, else attestations.yaml beside it";
  return new Option("--attestations <file>", `signed statements of people (${usual})`);
}
