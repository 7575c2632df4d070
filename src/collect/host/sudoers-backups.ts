const folders =
  "/backup /backups /mnt/backup /mnt/backups /opt/backup /opt/backups /srv/backup /srv/backups /var/backups";
const printable = "! -name *[![:print:]]*";
const databases = "( -name *.sqlite -o -name *.sqlite3 -o -name *.db )";
const checked = "( -mtime -2 -size -262145k -o -mtime -9 -size -65537k )";
const files = `/usr/bin/find ${folders} -xdev -maxdepth 4`;
const homes = "( -path /home/*/* -o -path /root/* -o -path /var/lib/*/* )";
const notState = "! -path */.openclaw* ! -path */.config ! -path */.config/systemd ! -path */.config/systemd/user*";
const quiet = "--no-optional-locks -c core.fsmonitor=false -c core.hooksPath=/dev/null";
/** The usual login and home of OpenClaw; for another, what its folder holds stays unknown to a login that is not root. */
const state = "/home/openclaw/.openclaw";
const asOpenclaw = "/usr/sbin/runuser -u openclaw --";

/**
 * What the script asks as root about backups: where files lie, how large and old they are, a hash of copies, the head of databases, what
 * gzip and SQLite say of them, which users have a table of cron, when services ended, and what git calls uncommitted. None prints a line of
 * a file.
 */
export const backupCommands: readonly string[] = [
  [
    "/usr/bin/find /home /root /var/lib/openclaw -maxdepth 8",
    "( -type d ( -name npm -o -name node_modules -o -name tmp -o -name cache -o -name media -o -name logs ) -prune )",
    `-o ( ${homes} ${notState} -type d -name *[Bb]ackup* -printf folder - - - - - %p\\n -prune )`,
    `-o ( ${homes} ${notState} -prune )`,
    `-o -type f ( -name *.sqlite -o -name openclaw.json -o -path */.config/systemd/user/*.timer ) ${printable} -printf file %T@ %s %D %u %B@ %p\\n`,
  ].join(" "),
  `${files} ( -type f ${printable} -printf file %T@ %s %D %p\\n ) -o ( -type f -printf odd\\n )`,
  `${files} -type f ( -name *.sqlite* -o -name *.db* -o -name *.sql* -o -name *.gz -o -name *.tgz -o -name *.zst -o -name *.xz ) ${printable} -size -65537k -mtime -9 -exec sha256sum {} +`,
  `${files} -type f ${databases} ${printable} -mtime -9 -printf head %s %p\\n -exec od -A n -v -t x1 -w108 -N 108 {} ;`,
  `${files} -type f ${databases} ${printable} ! -name *[?%#]* ${checked} -printf \\ncheck %p\\n -exec sqlite3 -safe -batch -init /dev/null file:{}?immutable=1 PRAGMA integrity_check(1) ;`,
  `${files} -type f ( -name *.gz -o -name *.tgz ) ${printable} ${checked} -exec gzip -tv {} ;`,
  "/usr/bin/find /var/spool/cron -maxdepth 2 -type f -printf table %p\\n",
  "/usr/bin/journalctl -q --no-pager -r -n 3000 --since -15days -o json --output-fields=UNIT,MESSAGE_ID MESSAGE_ID=7ad2d189f7e94e70a38c781354912448 + MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c",
  ...[
    [`/usr/bin/git ${quiet} -C /etc`, "nginx"],
    [`${asOpenclaw} git ${quiet} -C ${state}`, "openclaw.json"],
  ].flatMap(([git, name]) => [
    `${git} status --porcelain --ignored --untracked-files=all -- ${name}`,
    `${git} log -1 --format=%ct -- ${name}`,
    `${git} remote`,
  ]),
  `${asOpenclaw} sqlite3 -safe -batch -init /dev/null file:${state}/state/openclaw.sqlite?immutable=1 SELECT status, max(created_at), count(*) FROM backup_runs GROUP BY status`,
];
