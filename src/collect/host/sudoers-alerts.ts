import { requestPattern } from "./script.ts";

/**
 * What the script asks as root about alerts: fail2ban's jails, the actions of the one that guards SSH, and in the access logs of the last two
 * days the requests of monitors. No line of anybody else's request is printed.
 */
export function alertCommands(): readonly string[] {
  const size = "-size +524288k -printf big %p\\n -o -printf log %p\\n";
  return [
    "/usr/bin/fail2ban-client status",
    "/usr/bin/fail2ban-client get sshd actions",
    `/usr/bin/find /var/log/nginx -maxdepth 1 -type f ! -name *error* -mtime -2 ( ${size} -exec zgrep -h -a -o -E ${requestPattern()} {} + )`,
  ];
}
