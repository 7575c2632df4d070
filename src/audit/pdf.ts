import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { UnusableError } from "#model/input-error.ts";
import { visible } from "#model/sanitise.ts";

/** Names of browsers that print from the command line as Chromium does. */
const browsers = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "brave-browser",
];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const printMs = 120_000;
const longestSaid = 400;

/** The program of a browser that can print: the one that is named, or the first of those that are known. Throws UnusableError. */
export function findBrowser(named: string | undefined, environment: NodeJS.ProcessEnv): string {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = [...browsers.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere];
  const found = (named === undefined ? places : [named]).find(isProgram);
  if (found !== undefined) return found;
  throw new UnusableError(
    named === undefined ? "No browser that prints to PDF was found here." : `${named} is no program that can be run.`,
    {
      hint: "Install Chromium (Debian and Ubuntu: sudo apt install chromium), name one with --browser, or open report.html and print it.",
    },
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the next one.
    return false;
  }
}

/** Prints a page that loads nothing to PDF, by a browser with a profile of its own that is thrown away. Throws UnusableError. */
export async function printPdf(html: string, browser: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-pdf-"));
  try {
    const page = join(folder, "report.html");
    const file = join(folder, "report.pdf");
    writeFileSync(page, html, { mode: 0o600 });
    const said = await run(browser, [...flags(folder), `--print-to-pdf=${file}`, pathToFileURL(page).href]);
    try {
      return readFileSync(file);
    } catch {
      // No file: what the browser said is the reason.
      throw new UnusableError(`${browser} printed nothing: ${visible(said.trim().slice(-longestSaid), longestSaid)}`, {
        hint: "Open report.html in a browser and print it there.",
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function flags(folder: string): readonly string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    "--headless",
    // Chromium's sandbox does not run as root. The page holds no script of others, and its policy lets nothing in.
    ...(isRoot ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-quic",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    `--user-data-dir=${join(folder, "profile")}`,
  ];
}

/** Runs a program to its end, or for as long as it may take. Gives what it wrote to stderr. */
function run(program: string, args: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: printMs, killSignal: "SIGKILL" });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (said.length < 64 * 1024) said += chunk.toString("utf8");
  });
  child.on("error", (error) => resolve(error.message));
  child.on("close", () => resolve(said));
  return promise;
}
