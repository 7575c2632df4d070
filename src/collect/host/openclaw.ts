import type { Openclaw } from "#evidence/host.ts";
import { type Attempt, absent, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { isRootUser } from "./container-powers.ts";
import { dockerFault, type Inspected } from "./containers.ts";
import { faultOf, frameOf, type HostOutput, missing } from "./frames.ts";
import { gatewayContainer } from "./gateway-container.ts";
import { aiProviders } from "./openclaw-ai.ts";
import {
  type ConfigFile,
  chooseConfig,
  type Running,
  readConfigs,
  readPresence,
  readUnits,
  type Unit,
} from "./openclaw-facts.ts";
import { privateFiles } from "./openclaw-files.ts";
import { runningVersion } from "./openclaw-version.ts";
import { readProcesses } from "./processes.ts";

/** How OpenClaw is run and set up: its unit or container, then its configuration; what a command line sets comes first. */
export function parseOpenclaw(output: HostOutput): Attempt<Openclaw> {
  const frame = frameOf(output, "openclaw.configs");
  if (frame === undefined) return missing(output, "OpenClaw");
  const fault = faultOf(frame);
  if (fault !== undefined) return failed(fault.reason, `OpenClaw: ${fault.detail}`);
  const found = gatewayContainer(output);
  const container = found === undefined || isUnknown(found) ? undefined : found;
  const noContainer = found !== undefined && isUnknown(found) ? found : undefined;
  const running = readPresence(output);
  const unit = readUnits(output).find((entry) => entry.active);
  const configs = readConfigs(frame.text);
  const config = configOf(configs.files, container, noContainer);
  const place = placeOf({ container, noContainer, running, unit: unit?.name, files: configs.files.length > 0 });
  if (place === undefined) return nowhere(output, configs.hidden);
  const inside = place.install === "container" ? container : undefined;
  const started = place.install === "systemd" ? unit : undefined;
  const argumentsSeen =
    place.install === "files" || running?.argumentsSeen === true || started !== undefined || inside !== undefined;
  const how: How = {
    container: inside,
    flags: noContainer === undefined ? flagsOf(started, running, inside) : new Map(),
    port: (running?.variables ?? started?.variables ?? inside?.environment)?.get("OPENCLAW_GATEWAY_PORT"),
    unseen: noContainer ?? (argumentsSeen ? undefined : hiddenArguments),
    config,
    hidden: configs.hidden.length > 0,
  };
  return observed({
    install: place.install,
    unit: place.unit,
    enabledAtBoot: enabledAtBoot(place.install, { running, units: readUnits(output) }),
    user: userOf(place.install, { container, noContainer, running, unitUser: unit?.user }),
    runsAsRoot: runsAsRoot(place.install, { container, noContainer, running, unitUser: unit?.user }),
    version: runningVersion(place.install, running?.version, noContainer ?? inside?.imageVersion),
    privateFiles: privateFiles(output, config?.path),
    ...settings(how),
  });
}

/** What was set when it was started; the later source counts. */
function flagsOf(...sources: readonly (Pick<How, "flags"> | undefined)[]): ReadonlyMap<string, string> {
  return new Map(sources.flatMap((source) => [...(source?.flags ?? [])]));
}

/** The gateway's configuration; where it is not known which container's it is, one that tells nothing. */
export function configOf(
  files: readonly ConfigFile[],
  container: Inspected | undefined,
  noContainer: NoContainer,
): ConfigFile | undefined {
  const chosen = chooseConfig(files, container?.mounts ?? []);
  return chosen === undefined || noContainer === undefined ? chosen : { ...chosen, fault: noContainer.$unknown };
}

interface How {
  readonly container: Inspected | undefined;
  readonly flags: ReadonlyMap<string, string>;
  readonly port: string | undefined;
  /** Why the arguments it was started with are not known, where they are not. */
  readonly unseen: { readonly $unknown: string } | undefined;
  readonly config: ConfigFile | undefined;
  readonly hidden: boolean;
}

/** Why nothing is known of the gateway's container, which runs. */
type NoContainer = { readonly $unknown: string } | undefined;

function placeOf(facts: {
  container: Inspected | undefined;
  noContainer: NoContainer;
  running: Running | undefined;
  unit: string | undefined;
  files: boolean;
}): { install: Openclaw["install"]; unit: Maybe<string> } | undefined {
  const { container, noContainer, running, unit } = facts;
  const contained = container !== undefined || noContainer !== undefined;
  if (running?.nested === true || (running === undefined && contained)) {
    const nameless = noContainer ?? unknown("docker could not be asked for its name");
    return { install: "container", unit: container === undefined ? nameless : visible(container.name, 200) };
  }
  if (running?.unit !== undefined) return { install: "systemd", unit: visible(running.unit, 200) };
  if (unit !== undefined) return { install: "systemd", unit: visible(unit, 200) };
  if (running !== undefined) return { install: "process", unit: "" };
  return facts.files ? { install: "files", unit: "" } : undefined;
}

/** Absent only where every process and every home could be looked at. */
function nowhere(output: HostOutput, hidden: readonly string[]): Attempt<never> {
  if (readProcesses(output) === undefined) return failed("denied", "not all processes could be seen");
  const docker = dockerFault(output);
  if (hidden.length > 0)
    return failed("denied", `no process of OpenClaw; ${visible(hidden[0] ?? "", 200)} could not be looked for`);
  if (docker !== undefined) return failed("denied", `no process of OpenClaw; docker could not be asked: ${docker}`);
  return absent("no unit, container or process of OpenClaw, and no ~/.openclaw");
}

/** Enabled by systemctl(1)'s word; a unit that something else starts, and a process that no unit starts, may come back or not. */
function enabledAtBoot(
  install: Openclaw["install"],
  { running, units }: { readonly running: Running | undefined; readonly units: readonly Unit[] },
): Maybe<boolean> {
  if (install === "container") return unknown("a container has a restart policy instead");
  if (install !== "systemd") return unknown("no unit of systemd runs it; what starts it is not known");
  if (running?.userUnit !== undefined)
    return running.userUnit.enabled ?? unknown("whether its user's units start by themselves could not be seen");
  const unit = units.find(({ name, active }) => (running?.unit === undefined ? active : name === running.unit));
  if (unit === undefined || unit.fileState === "") return unknown("systemctl was not asked about its unit");
  if (unit.fileState === "enabled") return true;
  return ["disabled", "masked", "linked", "enabled-runtime", "linked-runtime", "masked-runtime"].includes(
    unit.fileState,
  )
    ? false
    : unknown(`its unit is ${visible(unit.fileState, 40)}: something else starts it`);
}

/** What tells which user it runs as. */
interface UserSources {
  readonly container: Inspected | undefined;
  readonly noContainer: NoContainer;
  readonly running: Running | undefined;
  readonly unitUser: string | undefined;
}

function userOf(install: Openclaw["install"], facts: UserSources): Maybe<string> {
  if (install === "container") {
    if (facts.container === undefined) return facts.noContainer ?? unknown("docker could not be asked");
    return facts.container.user === "" ? "root" : visible(facts.container.user, 60);
  }
  if (install === "files") return unknown("no process runs");
  if (facts.running?.user !== undefined) return visible(facts.running.user, 60);
  return facts.unitUser === undefined
    ? unknown("its process could not be seen")
    : visible(facts.unitUser || "root", 60);
}

/** Its process, where one is seen, tells best; a container may be set to start as root and give it up. */
function runsAsRoot(install: Openclaw["install"], facts: UserSources): Maybe<boolean> {
  const { container, noContainer, running, unitUser } = facts;
  if (install === "files") return unknown("no process runs");
  if (running?.uid !== undefined && noContainer === undefined) return running.uid === 0;
  if (install === "container")
    return container === undefined ? (noContainer ?? unknown("docker could not be asked")) : isRootUser(container.user);
  return unitUser === undefined ? unknown("its process could not be seen") : ["", "root", "0"].includes(unitUser);
}

type Settings = Pick<
  Openclaw,
  "configPath" | "configMode" | "bind" | "port" | "authMode" | "trustedProxies" | "logFile" | "aiProviders"
>;

function settings(how: How): Settings {
  const { config } = how;
  if (config === undefined) {
    const why = unknown(
      how.hidden ? "its configuration lies where this user may not look" : "no configuration file was found",
    );
    return {
      configPath: why,
      configMode: why,
      bind: fromFlag(how, "--bind") ?? why,
      port: portFrom(how) ?? why,
      authMode: why,
      trustedProxies: why,
      logFile: why,
      aiProviders: aiProviders(undefined, why.$unknown),
    };
  }
  const setting = (path: string, otherwise: string): Maybe<string> => settingOf(config, path, otherwise);
  const port = portFrom(how);
  return {
    configPath: visible(config.path, 300),
    configMode: config.mode ?? unknown("its mode could not be read"),
    bind:
      fromFlag(how, "--bind") ??
      how.unseen ??
      setting("gateway.bind", how.container === undefined ? "loopback" : "auto"),
    port: port ?? how.unseen ?? asPort(setting("gateway.port", "18789")),
    authMode: fromFlag(how, "--auth") ?? how.unseen ?? setting("gateway.auth.mode", ""),
    trustedProxies: proxiesOf(config),
    logFile: setting("logging.file", ""),
    aiProviders: aiProviders(config, ""),
  };
}

const hiddenArguments = unknown(
  "the arguments it was started with, which come before its configuration, cannot be seen",
);

function fromFlag(how: How, name: string): Maybe<string> | undefined {
  const value = how.flags.get(name);
  if (value === undefined) return undefined;
  return value === "?" ? unknown(`the value of ${name} was not plain`) : visible(value, 100);
}

function portFrom(how: How): Maybe<number> | undefined {
  const flag = how.flags.get("--port") ?? how.port;
  return flag === undefined ? undefined : asPort(flag);
}

function asPort(text: Maybe<string>): Maybe<number> {
  if (typeof text !== "string") return text;
  return /^\d{1,5}$/.test(text) ? Number(text) : unknown("the port is not a plain number");
}

/** A setting, or what OpenClaw takes when it is left out; unknown where an include or a fault may hide it. */
export function settingOf(config: ConfigFile, path: string, otherwise: string): Maybe<string> {
  if (config.fault !== undefined) return unknown(config.fault);
  const found = config.values.get(path);
  if (found !== undefined) {
    if (found.type === "string" || found.type === "number") return visible(found.value, 200);
    return unknown(
      found.type === "substituted" ? `${path} is taken from the environment` : `${path} is not a plain value`,
    );
  }
  const parent = config.values.get(path.replace(/\.[^.]*$/, ""));
  if (parent !== undefined && parent.type !== "object") return unknown(`${path} does not stand in a block`);
  const parents = path.split(".").map((_, index, parts) => parts.slice(0, index).join("."));
  if (parents.some((parent) => config.includes.has(parent))) return unknown(`${path} may stand in an included file`);
  return otherwise;
}

function proxiesOf(config: ConfigFile): Maybe<string[]> {
  if (config.fault !== undefined) return unknown(config.fault);
  const elements = config.proxies;
  if (elements.some((element) => element.type !== "string"))
    return unknown("gateway.trustedProxies is not a list of plain values");
  const single = config.values.get("gateway.trustedProxies");
  if (single !== undefined && single.type !== "list") return unknown("gateway.trustedProxies is not a plain list");
  if (single === undefined && ["", "gateway"].some((parent) => config.includes.has(parent)))
    return unknown("it may stand in an included file");
  return elements.map((element) => visible(element.value, 100));
}
