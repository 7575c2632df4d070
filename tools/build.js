// Bundles src into dist and lays the host script beside what reads it; plain JavaScript so that it runs before anything is built.
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
const rolldown = await bundler();
const bundle = await rolldown({
  cwd: root,
  input: { main: join(root, "src", "cli", "main.ts") },
  platform: "node",
  // CommonJS packages that find their own parts at run time, one of them with an add-on.
  external: [/^node:/, "handlebars", "net-ping", "node-forge", "raw-socket", "ssh2"],
});
// One flat folder, two levels below which nothing lies: modules find rules, templates and the host script from where they stand.
await bundle.write({
  dir: join(dist, "cli"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
cpSync(join(root, "src", "collect", "host", "script"), join(dist, "cli", "script"), { recursive: true });

/** An installation without development packages has no bundler, and runs from the sources. */
async function bundler() {
  try {
    return (await import("rolldown")).rolldown;
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stdout.write("rolldown is not installed: sekisho will run from its sources.\n");
    process.exit(0);
  }
}
