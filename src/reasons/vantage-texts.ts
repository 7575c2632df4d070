import type { Entry } from "./entry.ts";

/** Reasons about places that one looks from through a tunnel. */
export const vantageTexts: readonly Entry[] = [
  [
    "Connections were made by the SSH server {where} through TCP forwarding; nothing was run there.",
    "接続は SSH サーバー {where} の TCP 転送によるもので、そのホストでは何も実行していません。",
  ],
  [
    "The SSH connection to this vantage broke before everything was asked.",
    "この地点との SSH 接続が、すべてを確認する前に切れました。",
  ],
  [
    "an SSH tunnel carries TCP connections only: no ICMP goes through it",
    "SSH のトンネルを通るのは TCP 接続だけで、ICMP は通りません",
  ],
  [
    "an SSH tunnel carries TCP connections only: no UDP goes through it",
    "SSH のトンネルを通るのは TCP 接続だけで、UDP は通りません",
  ],
  ["the vantage's SSH server does not forward there", "地点の SSH サーバーが、そこへの転送を許可していません"],
  [
    "the vantage's SSH server had no room for a connection, or no route",
    "地点の SSH サーバーに接続の余裕がないか、経路がありません",
  ],
  ["the SSH connection to the vantage broke", "地点との SSH 接続が切れました"],
  [
    "the vantage's SSH server does not forward to {count} ports: allow it there for this login (AllowTcpForwarding, PermitOpen)",
    "地点の SSH サーバーが {count} 個のポートへの転送を許可していません。そのログインに転送を許可してください(AllowTcpForwarding、PermitOpen)",
  ],
  [
    "the vantage's SSH server had no room or no route to ask {count} ports",
    "地点の SSH サーバーに余裕または経路がなく、{count} 個のポートを確認できませんでした",
  ],
  [
    "{count} ports were not asked: connections that nobody answers hold all places that the vantage's SSH server was given",
    "{count} 個のポートは確認していません。応答のない接続が、地点の SSH サーバーで使える枠をすべて占めています",
  ],
  [
    "{count} ports were not asked: the scan through the tunnel took too long",
    "{count} 個のポートは確認していません。トンネル経由の走査が時間の上限に達しました",
  ],
  [
    "{count} ports were not asked: the SSH connection to the vantage broke",
    "{count} 個のポートは確認していません。地点との SSH 接続が切れました",
  ],
  [
    "A tunnel goes through the built-in client only: give this vantage a plain key, without certificate or hardware, and a host key that stands in known_hosts.",
    "トンネルには内蔵クライアントだけを使います。この地点には、証明書やハードウェアを使わない通常の鍵を指定し、ホスト鍵を known_hosts に登録してください。",
  ],
  [
    "Looking from {place} failed by a fault of sekisho: {trace}",
    "sekisho の不具合により、{place} から調べられませんでした: {trace}",
  ],
  [
    "Report this text; what was seen from other places was kept.",
    "この文面を報告してください。ほかの地点から得た情報は保存されています。",
  ],
  [
    "The host of the vantage {id} is the target itself: its host key is the target's.",
    "地点 {id} のホストは対象そのものです。ホスト鍵が対象のものと一致しました。",
  ],
  [
    "Look from another host: to itself a server answers what it refuses to others.",
    "別のホストから調べてください。サーバーは、ほかに拒否する接続でも自分自身からのものには応答します。",
  ],
];
