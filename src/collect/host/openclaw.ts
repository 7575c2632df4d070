import type { Openclaw } from "#evidence/host.ts";
import { type Attempt, absent, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { dockerFault, type Inspected, isOpenclaw, readInspected } from "./containers.ts";
import { faultOf, frameOf, type HostOutput, missing } from "./frames.ts";
import { type ConfigFile, chooseConfig, type Running, readConfigs, readPresence, readUnits } from "./openclaw-facts.ts";
import { readProcesses } from "./processes.ts";

/** How OpenClaw is run and set up: its unit or container, then its configuration; what a command line sets comes first. */
export function parseOpenclaw(output: HostOutput): Attempt<Openclaw> {
  const frame = frameOf(output, "openclaw.configs");
  if (frame === undefined) return missing(output, "OpenClaw");
  const fault = faultOf(frame);
  if (fault !== undefined) return failed(fault.reason, `OpenClaw: ${fault.detail}`);
  const container = readInspected(output).find((entry) => isOpenclaw(output, entry));
  const running = readPresence(output);
  const unit = readUnits(output).find((entry) => entry.active);
  const configs = readConfigs(frame.text);
  const config = chooseConfig(configs.files, container?.mounts ?? []);
  const place = placeOf({ container, running, unit: unit?.name, files: configs.files.length > 0 });
  if (place === undefined) return nowhere(output, configs.hidden);
  const inside = place.install === "container" ? container : undefined;
  const started = place.install === "systemd" ? unit : undefined;
  const how: How = {
    container: inside,
    flags: new Map([...(started?.flags ?? []), ...(running?.flags ?? []), ...(inside?.flags ?? [])]),
    port: (running?.variables ?? started?.variables ?? inside?.environment)?.get("OPENCLAW_GATEWAY_PORT"),
    argumentsSeen:
      place.install === "files" || running?.argumentsSeen === true || started !== undefined || inside !== undefined,
    config,
    hidden: configs.hidden.length > 0,
  };
  return observed({
    install: place.install,
    unit: place.unit,
    user: userOf(place.install, { container, running, unitUser: unit?.user }),
    ...settings(how),
  });
}

interface How {
  readonly container: Inspected | undefined;
  readonly flags: ReadonlyMap<string, string>;
  readonly port: string | undefined;
  readonly argumentsSeen: boolean;
  readonly config: ConfigFile | undefined;
  readonly hidden: boolean;
}

function placeOf(facts: {
  container: Inspected | undefined;
  running: Running | undefined;
  unit: string | undefined;
  files: boolean;
}): { install: Openclaw["install"]; unit: Maybe<string> } | undefined {
  const { container, running, unit } = facts;
  if (running?.nested === true || (running === undefined && container !== undefined))
    return {
      install: "container",
      unit: container === undefined ? unknown("docker could not be asked for its name") : visible(container.name, 200),
    };
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

function userOf(
  install: Openclaw["install"],
  facts: { container: Inspected | undefined; running: Running | undefined; unitUser: string | undefined },
): Maybe<string> {
  if (install === "container") {
    if (facts.container === undefined) return unknown("docker could not be asked");
    return facts.container.user === "" ? "root" : visible(facts.container.user, 60);
  }
  if (install === "files") return unknown("no process runs");
  if (facts.running?.user !== undefined) return visible(facts.running.user, 60);
  return facts.unitUser === undefined
    ? unknown("its process could not be seen")
    : visible(facts.unitUser || "root", 60);
}

type Settings = Pick<
  Openclaw,
  "configPath" | "configMode" | "bind" | "port" | "authMode" | "trustedProxies" | "logFile"
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
    };
  }
  const setting = (path: string, otherwise: string): Maybe<string> => settingOf(config, path, otherwise);
  const port = portFrom(how);
  return {
    configPath: visible(config.path, 300),
    configMode: config.mode ?? unknown("its mode could not be read"),
    bind:
      fromFlag(how, "--bind") ??
      (how.argumentsSeen
        ? setting("gateway.bind", how.container === undefined ? "loopback" : "auto")
        : hiddenArguments),
    port: port ?? (how.argumentsSeen ? asPort(setting("gateway.port", "18789")) : hiddenArguments),
    authMode: fromFlag(how, "--auth") ?? (how.argumentsSeen ? setting("gateway.auth.mode", "") : hiddenArguments),
    trustedProxies: proxiesOf(config),
    logFile: setting("logging.file", ""),
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
