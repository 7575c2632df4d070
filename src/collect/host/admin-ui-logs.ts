import { framesOf, type HostOutput } from "./frames.ts";
import { collectPassings, leadsToOpenclaw, upstreamsOf } from "./nginx.ts";
import { readAccessLogs } from "./nginx-access-log.ts";
import { type Directive, readNginx } from "./nginx-config.ts";
import { openclawPorts } from "./openclaw-ports.ts";

/** Logs of nginx in which requests for OpenClaw stand, those that it turned away among them. */
export interface AdminUiLogs {
  readonly paths: ReadonlySet<string>;
  /** One of them is the host's journal, by syslog or by what nginx writes to its standard error. */
  readonly journal: boolean;
  /** Whether nginx passes requests to OpenClaw at all. */
  readonly proxied: boolean;
  /** Why there may be others; undefined for none. */
  readonly open: string | undefined;
}

/** access_log and error_log of each place of nginx that passes requests to OpenClaw. */
export function readAdminUiLogs(output: HostOutput): AdminUiLogs {
  const access = readAccessLogs(output);
  const errors = framesOf(output, "nginx")
    .filter(({ name }) => name === "nginx")
    .flatMap(({ text }) => errorLogs(readNginx(text), openclawPorts(output)));
  return {
    paths: new Set([...access.paths, ...errors]),
    journal: [...access.remote, ...errors].some(isJournal),
    proxied: access.proxied,
    open: access.gaps[0],
  };
}

function isJournal(place: string): boolean {
  return place === "stderr" || /^syslog:server=unix:\/(dev\/log|run\/systemd\/journal\/dev-log)(,|$)/.test(place);
}

function errorLogs(config: ReturnType<typeof readNginx>, ports: ReadonlySet<number>): readonly string[] {
  const own = (blocks: readonly Directive[]) =>
    blocks.filter(({ name }) => name === "error_log").map(({ args: [path = ""] }) => path);
  return config.root
    .filter(({ name }) => name === "http")
    .flatMap((block) => {
      const around = { block, upstreams: upstreamsOf(block), ports, gaps: config.gaps };
      const servers = (block.block ?? []).filter(({ name }) => name === "server");
      return servers
        .flatMap((server) => collectPassings(server, [block]))
        .filter(({ target }) => leadsToOpenclaw(target, around) === true)
        .flatMap(({ blocks }) => {
          const nearest = blocks.map((each) => own(each.block ?? [])).findLast((paths) => paths.length > 0);
          return nearest ?? own(config.root);
        });
    });
}
