/** Texts that the walk through the sources finds and that are no reasons in words, and what they are. */
const listed = {
  "names of limits, as they stand in the evidence": [
    "{} by size, which promises no age, rotate {}",
    "{} maxsize, which promises no age",
    "journald: kept in memory, lost at a reboot",
    "journald: MaxRetentionSec={}, less MaxFileSec={}",
    "journald: SystemMaxUse={}",
    "10%, at most 4G",
    "Docker: its logs go with the container",
    "OpenClaw: dated logs are deleted 24 hours after the last write",
    "OpenClaw: five archives of {} bytes each, which promises no age",
    "OpenClaw's ledger: 30 days",
    "OpenClaw's ledger: 100,000 rows",
    "not written out for longer than the 30 days that the ledger holds",
  ],
  "rules of the firewall, as the host has them": ["nft {} {} handle {}: {}", "policy accept of {} {}", "no rule"],
  "reasons put together, which are translated one by one": ["{}: {}", "{}; {}", "{} {}"],
  "commands, keys and names": ["docker ps", "$(id -un)", 'eval "$(ssh-agent)" &&', "SHA256:{}", "target"],
} as const;

/** Those texts, with `\0` where a slot is. */
export const notReasons: ReadonlySet<string> = new Set(
  Object.values(listed).flatMap((texts) => texts.map((text) => text.replaceAll("{}", "\0"))),
);

/** Expressions, without their spaces, whose value is none of our texts, and what it is. */
export const unfollowed: Readonly<Record<string, string>> = {
  "src/collect/host/nginx.ts true": "a flag",
  "src/collect/host/nginx.ts false": "a flag",
  'src/collect/host/frames.ts text.trimEnd().split("\\n")': "the last line that the host printed",
  'src/collect/host/iptables-save.ts text.split("\\n")': "a rule of the firewall",
  "src/collect/host/output.ts String(error)": "what was thrown, by a fault of ours",
  "src/collect/observe.ts String(error)": "what was thrown, by a fault of ours",
  "src/net/ssh-client.ts tap.head()": "what the server sent",
  "src/net/ssh-client.ts tap.bytes()": "what the server sent",
  "src/net/address.ts parsed.toRFC5952String()": "an address",
  "src/net/address.ts parsed.toString()": "an address",
  "src/net/session/system-ssh-log.ts hostKeyLine.exec(text)": "what ssh printed",
  'src/net/certificate.ts createHash("sha256").update(publicKey.export({type:"spki",format:"der"})).digest("hex")':
    "a digest",
};
