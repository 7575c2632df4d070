// Compiles src to dist with plain tsc and lays the host script beside what reads it; plain JavaScript so that it runs before anything is built.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(root, "node_modules", ".bin", process.platform === "win32" ? "tsc.cmd" : "tsc");
const { status, error } = spawnSync(tsc, ["-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);
const script = join("collect", "host", "collect.sh");
copyFileSync(join(root, "src", script), join(root, "dist", script));
