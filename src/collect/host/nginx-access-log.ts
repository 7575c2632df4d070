import { framesOf, type HostOutput, isComplete } from "./frames.ts";
import { type Around, collectPassings, leadsToOpenclaw, upstreamsOf } from "./nginx.ts";
import { type Directive, readNginx } from "./nginx-config.ts";
import { openclawPorts } from "./openclaw-ports.ts";

/** Where requests for OpenClaw are logged by nginx, and why there may be more or less than that. */
export interface AccessLogs {
  readonly paths: readonly string[];
  /** syslog servers, as named. */
  readonly remote: readonly string[];
  readonly gaps: readonly string[];
  /** Whether nginx passes requests to OpenClaw at all. */
  readonly proxied: boolean;
}

/** access_log of each place of nginx that passes requests to OpenClaw (ngx_http_log_module): its own, or that of the blocks around it. */
export function readAccessLogs(output: HostOutput): AccessLogs {
  const frames = framesOf(output, "nginx").filter(({ name }) => name === "nginx");
  const other = framesOf(output, "nginx").some(({ name }) => name === "nginx.unread" || name === "nginx.more");
  const gaps = other || !isComplete(output) ? ["not every nginx that runs was read"] : [];
  const ports = openclawPorts(output);
  const found = frames.map((frame) => {
    const config = readNginx(frame.text);
    const cut = frame.state === "ok" ? [] : ["nginx's configuration was not read to its end"];
    const defaultPath = /^logpath\t(\/.*)$/m.exec(frame.text)?.[1];
    const prefix = /^prefix\t(\/.*)$/m.exec(frame.text)?.[1] ?? "";
    const blocks = config.root.filter(({ name }) => name === "http");
    const logs = blocks.flatMap((block) => {
      const around = { block, upstreams: upstreamsOf(block), ports, gaps: config.gaps };
      const servers = (block.block ?? []).filter(({ name }) => name === "server");
      return servers.flatMap((server) => logsOf(server, { around, defaultPath, prefix }));
    });
    return { logs, gaps: [...config.gaps, ...cut] };
  });
  const logs = found.flatMap((each) => each.logs);
  return {
    paths: [...new Set(logs.flatMap(({ paths }) => paths))],
    remote: [...new Set(logs.flatMap(({ remote }) => remote))],
    gaps: [...new Set([...gaps, ...found.flatMap((each) => each.gaps), ...logs.flatMap((each) => each.gaps)])],
    proxied: logs.some(({ proxied }) => proxied),
  };
}

interface Defaults {
  readonly around: Around;
  readonly defaultPath: string | undefined;
  readonly prefix: string;
}

function logsOf(server: Directive, defaults: Defaults): AccessLogs[] {
  const answers = collectPassings(server, [defaults.around.block]).map((passing) => ({
    passing,
    answer: leadsToOpenclaw(passing.target, defaults.around),
  }));
  const unsure = answers.some(({ answer }) => answer === undefined) ? [unsureTarget] : [];
  const places = answers
    .filter(({ answer }) => answer === true)
    .map(({ passing }) => readPlace(passing.blocks, defaults));
  return [...places, ...unsure];
}

const unsureTarget: AccessLogs = {
  paths: [],
  remote: [],
  gaps: ["where nginx passes requests to is partly not known"],
  proxied: false,
};

function readPlace(blocks: readonly Directive[], { defaultPath, prefix }: Defaults): AccessLogs {
  const own = (block: Directive) => (block.block ?? []).filter(({ name }) => name === "access_log");
  const level = blocks.findLast((block) => own(block).length > 0);
  const lines = level === undefined ? undefined : own(level).map(({ args }) => args);
  const none = { paths: [], remote: [], gaps: [], proxied: true };
  if (lines === undefined)
    return defaultPath === undefined
      ? { ...none, gaps: ["where nginx logs by default is not known"] }
      : { ...none, paths: [defaultPath] };
  if (lines.some(([first]) => first === "off")) return none;
  const inCondition = blocks.some((block) => /^(if|limit_except)$/.test(block.name) && own(block).length > 0);
  const plain = lines.filter((args) => !args.some((arg) => arg.startsWith("if=")));
  const names = plain.map(([first = ""]) => first);
  const variable = names.filter((name) => name.includes("$"));
  return {
    ...none,
    paths: names
      .filter((name) => !name.includes("$") && !name.startsWith("syslog:"))
      .map((name) => (name.startsWith("/") ? name : `${prefix}/${name}`)),
    remote: names.filter((name) => name.startsWith("syslog:")),
    gaps: [
      ...(variable.length > 0 ? ["the path of an access_log holds a variable"] : []),
      ...(plain.length < lines.length || inCondition
        ? ["an access_log has a condition, so that it may not hold every request"]
        : []),
    ],
  };
}
