/** Texts that the walk through the sources finds and that are no reasons in words, and what they are. */
const listed = {
  "rules of the firewall, as the host has them": ["nft {} {} handle {}: {}", "policy accept of {} {}", "no rule"],
  "reasons put together, which are translated one by one": ["{}: {}", "{}; {}", "{} {}"],
  "commands, keys, settings and names": [
    "journald: SystemMaxUse={}",
    "docker ps",
    "$(id -un)",
    'eval "$(ssh-agent)" &&',
    "SHA256:{}",
    "target",
  ],
} as const;

/** Those texts, with `\0` where a slot is. */
export const notReasons: ReadonlySet<string> = new Set(
  Object.values(listed).flatMap((texts) => texts.map((text) => text.replaceAll("{}", "\0"))),
);

/** Expressions, without their spaces, whose value is none of our texts, and what it is. */
export const unfollowed: Readonly<Record<string, string>> = {
  "src/collect/host/openclaw.ts readonly$unknown:string": "a mark, which was made by unknown()",
  "src/audit/places.ts readonlyipv4:Maybe<string[]>;": "addresses",
  "src/audit/places.ts readonlyipv6:Maybe<string[]>;": "addresses",
  "src/audit/surroundings.ts readonlyaddress:string;": "an address",
  "src/collect/host/nginx.ts true": "a flag",
  "src/collect/host/nginx.ts false": "a flag",
  'src/collect/host/frames.ts text.trimEnd().split("\\n")': "the last line that the host printed",
  'src/collect/host/iptables-save.ts text.split("\\n")': "a rule of the firewall",
  "src/collect/host/output.ts String(error)": "what was thrown, by a fault of ours",
  "src/collect/observe.ts String(error)": "what was thrown, by a fault of ours",
  "src/net/address.ts parsed.toRFC5952String()": "an address",
  "src/net/address.ts parsed.toString()": "an address",
  "src/net/session/system-ssh-log.ts hostKeyLine.exec(text)": "what ssh printed",
  'src/net/certificate.ts createHash("sha256").update(publicKey.export({type:"spki",format:"der"})).digest("hex")':
    "a digest",
};
