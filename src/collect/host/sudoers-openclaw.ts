const ignored = ["npm", "node_modules", "tmp", "cache", "media", "workspace", ".git"].map((name) => `-name ${name}`);
const wanted =
  "-name openclaw.json -o -name .env -o -name auth*.json -o -path */credentials/* -o -name *.sqlite -o -name *.pem -o -name *.key";

/** What the script asks as root about OpenClaw's files: modes, owners and paths of those that hold settings and credentials. */
export const openclawCommands: readonly string[] = [
  [
    "/usr/bin/find /home /root /var/lib/openclaw -xdev -maxdepth 6",
    "( ( -path /home/*/* -o -path /root/* ) ! -path */.openclaw* -prune )",
    `-o ( -type d ( ${ignored.join(" -o ")} ) -prune )`,
    "-o -name *[![:print:]]* -printf odd\\n -prune -o -type d -printf folder %m %u %p\\n",
    `-o -type f ( ${wanted} ) -printf file %m %u %p\\n`,
  ].join(" "),
];
