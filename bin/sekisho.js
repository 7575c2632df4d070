#!/usr/bin/env node
// Runs the command line on Node 24, which npm brings along; an older Node only has to be able to read this file.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
// Node 20 has no enableCompileCache; a named import of it would keep this file from loading there.
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, "dist", "cli", "main.js");
const major = Number(process.versions.node.split(".")[0]);

if (major >= 24 && existsSync(built)) {
  module.enableCompileCache?.();
  await import(built);
} else {
  rerun();
}

/** Starts this program again under the bundled Node 24, or from its TypeScript source where nothing was built. */
function rerun() {
  const node = major >= 24 ? process.execPath : bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `sekisho needs Node 24 or newer; this is ${process.version} and npm brought none along for ${process.platform}-${process.arch}.\n` +
        "Install Node 24, or run npm ci without --omit=optional.\n",
    );
    process.exit(69);
  }
  const entry = existsSync(built) ? [fileURLToPath(import.meta.url)] : [join(root, "src", "cli", "main.ts")];
  const child = spawn(node, [...entry, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`sekisho: cannot start ${node}: ${error.message}\n`);
    process.exit(70);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 130 : (code ?? 70)));
}

function bundledNode() {
  const os = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  try {
    const require = module.createRequire(import.meta.url);
    const path = join(dirname(require.resolve(`node-${os}-${process.arch}/package.json`)), "bin", file);
    return existsSync(path) ? path : undefined;
  } catch {
    // The package for this platform was not installed: the caller says what to do.
    return undefined;
  }
}
