import { Argument, Command } from "commander";
import { clean } from "./clean.ts";
import { inHost, initOf } from "./inside.ts";
import { interruptible } from "./interrupt.ts";
import { listing } from "./listing.ts";
import { inNamespace } from "./network.ts";
import { preflight } from "./preflight.ts";
import { attach } from "./run.ts";

/** Reads the command line, does what it says and gives the exit code. */
export async function program(): Promise<number> {
  let code = 0;
  const root = new Command("lab")
    .description("Real hosts to try things on: each boots systemd in a container, on a network of its own.")
    .exitOverride()
    .showSuggestionAfterError(true)
    .enablePositionalOptions()
    .addHelpText("after", help);
  root
    .command("up")
    .description("start a host")
    .argument("<name>", "name of the host, such as web-1")
    .option("-p, --profile <profile>", "kind of host, a folder of test/lab/profiles", "hardened")
    .option("--ready", "wait until everything on it answers, not only its sshd")
    .action(async (name: string, flags: { profile: string; ready?: boolean }) =>
      interruptible(async (signal) => (await actions()).upAction(name, flags, signal)),
    );
  root
    .command("down")
    .description("take hosts down, with all they wrote")
    .argument("<name...>", "names of hosts")
    .action(async (names: string[]) => (await actions()).downAction(names));
  root
    .command("reboot")
    .description("shut a host down in order and boot it again")
    .argument("<name>", "name of a host")
    .action(async (name: string) => (await actions()).rebootAction(name));
  root
    .command("break")
    .description("break a host in one of the ways listed in test/lab/faults")
    .argument("<name>", "name of a host")
    .argument("<fault>", "id of a fault")
    .action(async (name: string, fault: string) =>
      interruptible(async (signal) => (await actions()).breakAction(name, fault, signal)),
    );
  root
    .command("exec")
    .description("run a command on a host as root; a shell without one")
    .argument("<name>", "name of a host")
    .argument("[command...]", "command and its arguments, best after --")
    .passThroughOptions()
    .action(async (name: string, command: string[]) => {
      code = await enter(name, plain(command));
    });
  root
    .command("from")
    .description(
      "run a command where the hosts are seen from: the office, which they allow, or the internet, which they refuse",
    )
    .addArgument(new Argument("<place>", "where").choices(["office", "internet", "router"]))
    .argument("<command...>", "command and its arguments, best after --")
    .passThroughOptions()
    .action(async (place: "office" | "internet" | "router", command: string[]) => {
      preflight();
      code = await attach(inNamespace(place, plain(command)));
    });
  root
    .command("list")
    .description("hosts and services there are")
    .action(async () => say(await listing()));
  root
    .command("clean")
    .description("take the whole lab away, also one that was cut off; the cache stays")
    .action(async () => {
      const names = await clean();
      say(names.length === 0 ? "clean: there were no hosts" : `clean: ${names.join(", ")} and the network are gone`);
    });
  await root.parseAsync(process.argv);
  return code;
}

/** Loaded where they are wanted: with the profiles and faults comes the whole catalogue of rules. */
async function actions() {
  return await import("./actions.ts");
}

const help = `
Exit codes: 0 done, 1 it did not work, 64 wrong use, 69 a program is not installed, 70 a fault of the lab,
  77 not root, 130 interrupted; exec and from end with the command's own.
Folders: SEKISHO_LAB holds what runs (default /run/sekisho-lab; another one is another lab beside it),
  SEKISHO_LAB_CACHE what is kept (default /var/cache/sekisho-lab).

Examples:
  npm run lab -- up web-1 --profile hardened
  npm run lab -- exec web-1 -- systemctl --failed
  npm run lab -- from internet -- nmap -Pn web-1.lab.test
  npm run lab -- break web-1 ssh-password-main
  npm run lab -- clean`;

/** Whoever passes arguments on through npm writes -- twice, and commander leaves the second where it is. */
function plain(command: readonly string[]): readonly string[] {
  return command[0] === "--" ? command.slice(1) : command;
}

async function enter(name: string, command: readonly string[]): Promise<number> {
  preflight();
  const terminal = [`TERM=${process.env["TERM"] ?? "dumb"}`];
  const wanted = command.length === 0 ? ["/bin/bash", "--login"] : command;
  return await attach(await inHost(await initOf(name), wanted, terminal));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
