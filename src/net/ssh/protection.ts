/** A cipher and what authenticates with it; an empty one for a cipher that does so itself. */
export interface Protection {
  readonly cipher: string;
  readonly mac: string;
}

/** A cipher by OpenSSL's name, with lengths in bytes. */
export interface Cipher {
  readonly name: string;
  readonly block: number;
  readonly key: number;
  readonly iv: number;
  readonly kind: "stream" | "gcm" | "chacha";
}

const aes = (mode: "ctr" | "cbc", bits: number): Cipher => ({
  name: `aes-${bits}-${mode}`,
  block: 16,
  key: bits / 8,
  iv: 16,
  kind: "stream",
});
const gcm = (bits: number): Cipher => ({ name: `aes-${bits}-gcm`, block: 16, key: bits / 8, iv: 12, kind: "gcm" });

/** Ciphers we can speak, those that need no MAC beside them first. */
export const ciphers: ReadonlyMap<string, Cipher> = new Map([
  ["aes128-gcm@openssh.com", gcm(128)],
  ["aes256-gcm@openssh.com", gcm(256)],
  ["chacha20-poly1305@openssh.com", { name: "chacha20", block: 8, key: 64, iv: 0, kind: "chacha" }],
  ["aes128-ctr", aes("ctr", 128)],
  ["aes192-ctr", aes("ctr", 192)],
  ["aes256-ctr", aes("ctr", 256)],
  ["aes128-cbc", aes("cbc", 128)],
  ["aes192-cbc", aes("cbc", 192)],
  ["aes256-cbc", aes("cbc", 256)],
  ["rijndael-cbc@lysator.liu.se", aes("cbc", 256)],
  ["3des-cbc", { name: "des-ede3-cbc", block: 8, key: 24, iv: 8, kind: "stream" }],
] as const);

/** A MAC by OpenSSL's name of its hash, with lengths in bytes. */
export interface Mac {
  readonly hash: string;
  readonly key: number;
  readonly length: number;
  /** Over the packet as it is sent, not as it was. */
  readonly later: boolean;
}

const hmac = (hash: string, key: number, length = key): readonly [Mac, Mac] => [
  { hash, key, length, later: false },
  { hash, key, length, later: true },
];
const [sha256, sha256Later] = hmac("sha256", 32);
const [sha512, sha512Later] = hmac("sha512", 64);
const [sha1, sha1Later] = hmac("sha1", 20);
const [sha1Cut, sha1CutLater] = hmac("sha1", 20, 12);
const [md5, md5Later] = hmac("md5", 16);

/** MACs we can speak. */
export const macs: ReadonlyMap<string, Mac> = new Map([
  ["hmac-sha2-256", sha256],
  ["hmac-sha2-256-etm@openssh.com", sha256Later],
  ["hmac-sha2-512", sha512],
  ["hmac-sha2-512-etm@openssh.com", sha512Later],
  ["hmac-sha1", sha1],
  ["hmac-sha1-etm@openssh.com", sha1Later],
  ["hmac-sha1-96", sha1Cut],
  ["hmac-sha1-96-etm@openssh.com", sha1CutLater],
  ["hmac-md5", md5],
  ["hmac-md5-etm@openssh.com", md5Later],
]);

/** The cipher authenticates what it encrypts, so that no MAC is agreed on. */
export function authenticates(cipher: string): boolean {
  const kind = ciphers.get(cipher)?.kind;
  return kind === "gcm" || kind === "chacha";
}
