import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeGroup, processesOf, removeGroup } from "./cgroups.ts";
import { inNamespace, type Place } from "./network.ts";
import { equipment, stateFolder } from "./places.ts";
import { identify, type ProcessId } from "./processes.ts";
import { LabError, until } from "./run.ts";

/** A program that serves all hosts for as long as the lab stands. */
interface Service {
  readonly name: string;
  readonly place: Place;
  readonly command: readonly string[];
}

function services(): readonly Service[] {
  const internet = ["--state", stateFolder(), "--log", join(stateFolder(), "internet.log")];
  return [
    {
      name: "control",
      place: "router",
      command: [process.execPath, fileURLToPath(new URL("./control.ts", import.meta.url))],
    },
    {
      name: "internet",
      place: "internet",
      command: [process.execPath, fileURLToPath(new URL("../internet/serve.ts", import.meta.url)), ...internet],
    },
  ];
}

/** Starts those of the lab's services that do not run. To be called alone. */
export async function ensureServices(): Promise<void> {
  await Promise.all(services().map(ensure));
}

/** Which services run: names, and their processes' numbers. */
export async function runningServices(): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = await Promise.all(
    services().map(async ({ name }) => [name, await processesOf({ service: name })] as const),
  );
  return new Map(found.filter(([, pids]) => pids.length > 0));
}

async function ensure(service: Service): Promise<void> {
  const folder = join(stateFolder(), "services");
  const log = join(folder, `${service.name}.log`);
  const said = async () => (await readFile(log, "utf8").catch(() => "")).split("\n");
  // A service that was started and never said that it is ready was cut off: it starts afresh.
  const alive = (await processesOf({ service: service.name })).length > 0;
  if (alive && (await said()).includes("ready")) return;
  await removeGroup({ service: service.name });
  await mkdir(folder, { recursive: true });
  const output = await open(log, "w");
  const child = await start(service, output.fd);
  await output.close();
  await until(`the service "${service.name}"`, async () => {
    if ((await said()).includes("ready")) return true;
    if ((await identify(child.pid)) !== undefined) return false;
    const hint = `${log} says:\n${(await said()).slice(-10).join("\n").trim()}`;
    throw new LabError(`the lab's service "${service.name}" ended when it was started`, { hint });
  });
}

async function start(service: Service, output: number): Promise<ProcessId> {
  const folders = await makeGroup({ service: service.name });
  // The groups first: "ip netns exec" hides them.
  const args = [join(equipment, "hosts/launch.sh"), ...folders, "--", ...inNamespace(service.place, service.command)];
  const child = spawn("sh", args, { detached: true, stdio: ["ignore", output, output], cwd: "/" });
  child.unref();
  const pid = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("spawn", () => resolve(child.pid ?? 0));
  });
  return (await identify(pid)) ?? { pid, start: 0 };
}
