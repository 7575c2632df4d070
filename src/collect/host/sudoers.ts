import type { HostKind } from "./kinds.ts";
import { containerFormat } from "./script.ts";
import { alertCommands } from "./sudoers-alerts.ts";
import { backupCommands } from "./sudoers-backups.ts";
import { openclawCommands } from "./sudoers-openclaw.ts";

/** A command that the script runs as root, and the evidence it serves. */
interface PrivilegedCommand {
  /** Program with its arguments, as the script calls it. */
  readonly command: string;
  readonly serves: readonly HostKind[];
}

/** sudo runs timeout(1), which runs the command: a login may not stop processes of root, timeout may. */
const limit = "/usr/bin/timeout -k 1 10";
const stranger = "sekisho-no-such-user";

const docker = "/usr/bin/docker -H unix:///run/docker.sock";
/** Format of docker ps in the script. */
const listFormat = "{{json .Names}} {{json .Image}} {{json .Ports}}";

/** Commands that need root, whoever logs in. None of them changes anything or prints a secret's value. */
const privilegedCommands: readonly PrivilegedCommand[] = [
  { command: "/usr/bin/ss -H -lntup", serves: ["listeners"] },
  { command: "/usr/sbin/sshd -T -ddd", serves: ["sshd"] },
  { command: `/usr/sbin/sshd -T -ddd -C ${connection("root")}`, serves: ["sshd"] },
  { command: `/usr/sbin/sshd -T -ddd -C ${connection(stranger)}`, serves: ["sshd"] },
  { command: "/usr/sbin/nft -j list ruleset", serves: ["firewall"] },
  { command: "/usr/sbin/iptables-save", serves: ["firewall"] },
  { command: "/usr/sbin/ip6tables-save", serves: ["firewall"] },
  {
    command: `${docker} ps --no-trunc --format ${listFormat}`,
    serves: ["containers"],
  },
  { command: "/usr/bin/cat /var/lib/logrotate/status", serves: ["logs"] },
  // Names, times and sizes of the journal's files; none of their entries.
  { command: "/usr/bin/journalctl --header --no-pager", serves: ["logs"] },
  ...openclawCommands.map((command) => ({ command, serves: ["openclaw"] as const })),
  ...backupCommands.map((command) => ({ command, serves: ["backups"] as const })),
];

/**
 * Text for /etc/sudoers.d that lets `user` run exactly these commands as root, without a password and without a wildcard. What it leaves
 * out stays unknown: settings of sshd under Match lines, containers other than `container`, files that `user` may not read.
 * Paths are those of Debian and Ubuntu.
 */
export function sudoersRule(user: string, container = "openclaw"): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,31}$/.test(user)) throw new Error("not a login name");
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(container)) throw new Error("not a container's name");
  const own = { command: `/usr/sbin/sshd -T -ddd -C ${connection(user)}` };
  const inspect = { command: `${docker} inspect --format ${containerFormat()} ${container}` };
  const alerts = alertCommands().map((command) => ({ command }));
  const commands = [...privilegedCommands, ...alerts, inspect, own].map(({ command }) =>
    escapeWords(`${limit} ${command}`),
  );
  // A command without arguments would be allowed with any: "" says none. The words after timeout are its arguments, so none is bare.
  const list = [...new Set(commands)].join(", \\\n    ");
  return `# /etc/sudoers.d/sekisho: what an audit by sekisho reads as root. Check with visudo -cf.\nCmnd_Alias SEKISHO = \\\n    ${list}\nDefaults!SEKISHO !requiretty\n${user} ALL=(root) NOPASSWD: SEKISHO\n`;
}

function connection(user: string): string {
  return `user=${user},host=host.invalid,addr=192.0.2.1`;
}

/**
 * Characters that mean something in sudoers(5) are escaped in a command's arguments. A backslash is read twice: as an escape of the file, and
 * of the pattern that the argument is.
 */
function escapeWords(command: string): string {
  return command.replace(/[,:=*?[\]!#]/g, "\\$&").replace(/\\(?![,:=*?[\]!#])/g, "\\\\\\\\");
}
