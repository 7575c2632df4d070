import type { Text } from "#model/text.ts";
import type { Projection } from "./facts.ts";
import type { Place } from "./gaps.ts";
import { type EvidenceRoot, isDecided } from "./looks.ts";
import type { Why } from "./why.ts";

/** What would make a path known; undefined where nothing an operator can do is known. */
export function remedyFor(
  path: string,
  place: Place | undefined,
  { whys, projection }: { whys: readonly Why[]; projection: Projection },
): Text | undefined {
  if (place === undefined) return declare(path);
  if (place.root === "host") return remedyOnHost(path, whys, projection);
  if (whys.some(({ reason }) => reason === "bug")) return reportBug;
  if (/\.http\[\]\.openclaw$/.test(path) && projection.facts.target?.["adminUrl"] === undefined) return declareAdminUrl;
  if (place.root === "attested") return whys.find(({ remedy }) => remedy !== undefined)?.remedy;
  const ofScans = projection.gaps.get(`${place.root}.tcp[].open[]`) ?? [];
  return [...whys, ...ofScans].find(({ remedy }) => remedy !== undefined)?.remedy ?? overNetwork[place.root];
}

function remedyOnHost(path: string, whys: readonly Why[], { looks, facts }: Projection): Text {
  const inside = looks.filter(({ vantage }) => vantage.role === "inside");
  if (inside.every(({ evidence }) => evidence.attempt.status === "not_attempted")) return logIn;
  if (path.startsWith("host.outbound") && facts.policy?.["outbound"] === undefined) return declare("policy.outbound");
  if (whys.some(({ reason }) => reason === "bug")) return reportBug;
  // Where everything failed alike, what failed was the way in.
  if (inside.length > 1 && !inside.some(isDecided)) return mendLogin;
  if (whys.some(({ reason, text }) => reason === "denied" || /denied|permission|privilege|root|sudo/i.test(text.en))) {
    return allowCommands;
  }
  const command = `sekisho collect`;
  return {
    en: `See the attempt for ${path} in the list of attempts, remove what kept it from being read, and run \`${command}\` again.`,
    ja: `試行の一覧で ${path} が読めなかった理由を確認し、取り除いてから \`${command}\` をやり直してください。`,
  };
}

function declare(path: string): Text {
  const [root, ...fields] = path.split(".");
  const field = root === "policy" ? path : fields.join(".");
  if (root === "policy") {
    return { en: `Add \`${field}\` to sekisho.yaml.`, ja: `sekisho.yaml に \`${field}\` を書き加えてください。` };
  }
  return {
    en: `Add \`${field}\` to the target in sekisho.yaml.`,
    ja: `sekisho.yaml の対象(targets)に \`${field}\` を書き加えてください。`,
  };
}

const declareAdminUrl: Text = {
  en: "Add `adminUrl`, the URL at which people open the admin UI, to the target in sekisho.yaml, and collect again.",
  ja: "sekisho.yaml の対象(targets)に、管理画面を開くURLを `adminUrl` として書き加え、収集をやり直してください。",
};

const overNetwork: Readonly<Record<Exclude<EvidenceRoot, "host" | "attested">, Text>> = {
  outside: {
    en: "Run `sekisho collect --vantage outside` on a machine outside the network, then hand both bundles to `sekisho evaluate`; or name an SSH login outside with `--outside-via`.",
    ja: "ネットワークの外にある端末で `sekisho collect --vantage outside` を実行し、両方のバンドルを `sekisho evaluate` に渡してください。外部のホストの SSH ログインを `--outside-via` で指定する方法もあります。",
  },
  allowed: {
    en: "Run `sekisho collect --vantage allowed` in the office or over the VPN, then hand both bundles to `sekisho evaluate`; or name an SSH login there with `--allowed-via`.",
    ja: "社内または VPN 接続中の端末で `sekisho collect --vantage allowed` を実行し、両方のバンドルを `sekisho evaluate` に渡してください。社内または VPN 側のホストの SSH ログインを `--allowed-via` で指定する方法もあります。",
  },
  network: {
    en: "Run `sekisho collect --vantage allowed` where the ports answer, and give an SSH login so that the host's own list of ports is read; then hand all bundles to `sekisho evaluate`.",
    ja: "ポートが応答する側から `sekisho collect --vantage allowed` を実行し、あわせて SSH ログインを設定してホスト側の待ち受けポートも読み取り、すべてのバンドルを `sekisho evaluate` に渡してください。",
  },
};

const logIn: Text = {
  en: "Give an SSH login (`ssh` of the target in sekisho.yaml), or run what `sekisho script` prints on the host and hand its output to `sekisho evaluate`.",
  ja: "sekisho.yaml の対象に SSH ログイン(`ssh`)を設定するか、`sekisho script` が出力するスクリプトをホストで実行し、その出力を `sekisho evaluate` に渡してください。",
};

const mendLogin: Text = {
  en: "Remove what kept the login or its script from giving an answer (the reason names it; `sekisho doctor` tries the login alone) and collect again, or run what `sekisho script` prints on the host and hand its output to `sekisho evaluate`.",
  ja: "ログインまたはスクリプトの実行を妨げた原因(理由欄に記載。ログインだけなら `sekisho doctor` で試せます)を取り除いて収集をやり直すか、`sekisho script` が出力するスクリプトをホストで実行し、その出力を `sekisho evaluate` に渡してください。",
};

const allowCommands: Text = {
  en: "Allow the read-only commands with the lines that `sekisho sudoers` prints, and collect again.",
  ja: "`sekisho sudoers` が出力する行で読み取り専用のコマンドを許可し、収集をやり直してください。",
};

const reportBug: Text = {
  en: "This is a fault of sekisho: report it together with the bundle's attempt.",
  ja: "sekisho 側の不具合です。バンドル内の該当する試行を添えて報告してください。",
};
