import type { Entry } from "./entry.ts";

/** Why there is no session on the host, and what to do then. */
export const loginTexts: readonly Entry[] = [
  ["The key {path} can not be read ({code}).", "鍵 {path} を読み取れません({code})。"],
  ["too long for a key", "鍵としては長すぎます"],
  ["Check the path and the permission: ls -l {path}", "パスと権限を確認してください: ls -l {path}"],
  ["This machine runs Windows, which has no POSIX shell.", "この端末は Windows で、POSIX シェルがありません。"],
  ["Audit the server over SSH: --ssh user@host.", "SSH 経由でサーバーを監査してください: --ssh user@host"],
  [
    "The host key {key} of {where} is marked @revoked in known_hosts.",
    "{where} のホスト鍵 {key} は、known_hosts で @revoked とされています。",
  ],
  [
    "The key is known to be in wrong hands: ask the server's owner. It is accepted in no way.",
    "流出が判明している鍵です。サーバーの管理者に確認してください。この鍵はどの方法でも受け入れません。",
  ],
  [
    "known_hosts holds no host key of {where}; it shows {key}.{other}",
    "known_hosts に {where} のホスト鍵がありません。提示された鍵は {key} です。{other}",
  ],
  ["--accept-new-host-key names another: {key}.", "--accept-new-host-key では別の鍵({key})が指定されています。"],
  [
    "Compare it with what ssh-keygen -lf /etc/ssh/ssh_host_{type}_key.pub prints on the server. If it is the same, add --accept-new-host-key {key}, or keep it: ssh-keyscan -p {port} {host} >> ~/.ssh/known_hosts",
    "サーバー上で ssh-keygen -lf /etc/ssh/ssh_host_{type}_key.pub の出力と照合してください。一致すれば --accept-new-host-key {key} を付けるか、次のように登録してください: ssh-keyscan -p {port} {host} >> ~/.ssh/known_hosts",
  ],
  [
    "The host key of {where} is not the one in known_hosts ({known}); it shows {key}.",
    "{where} のホスト鍵が known_hosts のもの({known})と異なります。提示された鍵は {key} です。",
  ],
  [
    "Either the server was set up anew or someone is in between: ask its owner before anything else. After that, ssh-keygen -R '{name}' forgets the old key.",
    "サーバーが再構築されたか、通信に第三者が介在しています。まずサーバーの管理者に確認してください。確認できたら、ssh-keygen -R '{name}' で古い鍵を削除してください。",
  ],
  [
    "The key {path} is encrypted, and no agent holds it.",
    "鍵 {path} はパスフレーズで保護されており、エージェントにも登録されていません。",
  ],
  [
    "Load it into an agent and run again: {start}ssh-add {path}",
    "エージェントに登録してからやり直してください: {start}ssh-add {path}",
  ],
  ["The key {path} can not be used: {why}.", "鍵 {path} は使えません: {why}。"],
  ["it holds a public key", "公開鍵が入っています"],
  [
    "Check that it is a private key (ssh-keygen -yf {path}), or load it into the agent: ssh-add {same}",
    "秘密鍵であることを確認するか(ssh-keygen -yf {path})、エージェントに登録してください: ssh-add {same}",
  ],
  [
    "A certificate stands beside {path}, and ssh2 can not log in with one.",
    "{path} に証明書が添えられていますが、ssh2 は証明書によるログインに対応していません。",
  ],
  ["Install OpenSSH's ssh on this machine.", "この端末に OpenSSH の ssh をインストールしてください。"],
  ["There is no key to log into {where} with: {why}.", "{where} へのログインに使える鍵がありません: {why}。"],
  ["no agent is running and no key file was found", "エージェントが動作しておらず、鍵ファイルも見つかりませんでした"],
  ["the agent does not answer and no key file was found", "エージェントの応答がなく、鍵ファイルも見つかりませんでした"],
  ["the agent holds no key", "エージェントに鍵が登録されていません"],
  ["the agent holds only {types}", "エージェントにあるのは {types} だけです"],
  [
    "Give --identity PATH, or load a key into the agent: ssh-add PATH",
    "--identity PATH で鍵を指定するか、エージェントに登録してください: ssh-add PATH",
  ],
  ["The connection to {where} broke after the login{said}.", "ログイン後に {where} への接続が切れました{said}。"],
  [
    "Run again; if it stays so, see the server's log: journalctl -u ssh",
    "やり直しても変わらない場合は、サーバーのログを確認してください: journalctl -u ssh",
  ],
  [
    "{user}@{where} may log in and not run commands: {why}.",
    "{user}@{where} はログインできますが、コマンドを実行できません: {why}。",
  ],
  ["the login shell {what}", "ログインシェルが{what}"],
  ["ended by a signal", "シグナルで終了しました"],
  ["ended with exit code {code}", "終了コード {code} で終了しました"],
  ["{ended} and said nothing", "{ended}(出力なし)"],
  ["{ended} and said {words}", "{ended}(出力: {words})"],
  ["is silent", "何も応答しません"],
  ["says {words}", "次のように応答しました: {words}"],
  [
    "Give the login a shell (sudo usermod -s /bin/sh {user}), or use another login with --ssh.",
    "ログインユーザーにシェルを割り当てるか(sudo usermod -s /bin/sh {user})、--ssh で別のユーザーを指定してください。",
  ],
  [
    "The login {where} works, but it does not run the shell we ask for; what runs instead {what}.",
    "{where} でのログインはできますが、要求したシェルが実行されません。代わりに実行されたものが{what}。",
  ],
  [
    "Look for ForceCommand in sshd_config and command= in authorized_keys, and use a login without them.",
    "sshd_config の ForceCommand と authorized_keys の command= を確認し、それらのないユーザーでログインしてください。",
  ],
  ["{where} accepted the connection and {what}.", "{where} は接続を受け付けましたが、{what}。"],
  ["did not {step} in time", "時間内に{step}が完了しませんでした"],
  ["log in", "ログイン"],
  ["shake hands", "ハンドシェイク"],
  ["sent no SSH identification in time", "時間内に SSH の識別文字列が送られませんでした"],
  [
    "Check that the port is sshd's. An agent that waits for a touch or a confirmation takes as long as you do.",
    "sshd のポートであることを確認してください。タッチや確認を待つエージェントでは、操作するまで処理が進みません。",
  ],
  [
    "{where} shares no algorithm with this client: {why}.",
    "{where} とこのクライアントに共通の暗号方式がありません: {why}。",
  ],
  [
    "Install OpenSSH's ssh on this machine: it knows newer algorithms.",
    "より新しい暗号方式に対応した OpenSSH の ssh を、この端末にインストールしてください。",
  ],
  ["The connection to {where} broke {when}: {why}.", "{where} への接続が{when}切れました: {why}。"],
  ["while logging in", "ログイン処理中に"],
  ["in the handshake", "ハンドシェイク中に"],
  [
    "{where} accepted the connection and closed it at once, without a word ({why}).",
    "{where} は接続を受け付けた直後に、何も送らず切断しました({why})。",
  ],
  [
    "sshd does so when it has too many logins waiting (MaxStartups) or has penalised or banned this address: wait some minutes.",
    "待機中のログインが多すぎる場合(MaxStartups)や、この端末のアドレスが制限・遮断されている場合の sshd の動作です。数分待ってください。",
  ],
  ["What answers at {where} does not speak SSH: {why}.", "{where} で応答しているものは SSH ではありません: {why}。"],
  [
    "Check the port: in sekisho.yaml it is ssh.port, on the command line --ssh user@host:port.",
    "ポートを確認してください。sekisho.yaml では ssh.port、コマンドラインでは --ssh user@host:port で指定します。",
  ],
  [
    "{where} accepted the key {key} of {user}, and asks for {methods} on top of it.",
    "{where} は {user} の鍵 {key} を受け入れましたが、さらに {methods} を求めています。",
  ],
  [
    "A second factor can not be given here: let {user} in by key alone from this address (Match Address, AuthenticationMethods publickey).",
    "ここでは二要素目に対応できません。このアドレスからは {user} が鍵だけでログインできるようにしてください(Match Address、AuthenticationMethods publickey)。",
  ],
  [
    "{where} does not take keys from {user}: it offers {methods} only.",
    "{where} は {user} の公開鍵認証を受け付けません。提示された認証方式は {methods} だけです。",
  ],
  [
    "Allow PubkeyAuthentication for this login; passwords are never sent.",
    "このユーザーに PubkeyAuthentication を許可してください。パスワードは送信しません。",
  ],
  [
    "{where} accepted no key for {user}: tried {keys}; it offers {methods}.",
    "{where} は {user} のどの鍵も受け入れませんでした。試した鍵は {keys}、提示された認証方式は {methods} です。",
  ],
  [
    "Put the key's public half into ~{user}/.ssh/authorized_keys on {host} (ssh-copy-id), or name another with --identity PATH",
    "{host} の ~{user}/.ssh/authorized_keys に公開鍵を登録するか(ssh-copy-id)、--identity PATH で別の鍵を指定してください",
  ],
  ["The bastion does not forward to {where}: {why}.", "踏み台から {where} への転送が許可されていません: {why}。"],
  [
    "Allow it on the bastion for this login: AllowTcpForwarding, PermitOpen.",
    "踏み台でこのユーザーの転送を許可してください(AllowTcpForwarding、PermitOpen)。",
  ],
  ["The bastion could not connect to {where}: {why}.", "踏み台から {where} へ接続できませんでした: {why}。"],
  [
    "Check that the bastion resolves and may reach the server.",
    "踏み台でサーバーの名前解決ができ、接続も許可されていることを確認してください。",
  ],
  ["The connection to {where} broke.", "{where} への接続が切れました。"],
  ["the bastion", "踏み台"],
  ["At the bastion: {problem}", "踏み台で: {problem}"],
  ["The bastion had no answer from {where} in time.", "踏み台は {where} の応答を時間内に得られませんでした。"],
  [
    "Check that the bastion may reach the server: its firewall, and the server's.",
    "踏み台からサーバーへ接続できることを、双方のファイアウォールを含めて確認してください。",
  ],
  [
    "The host key of {where}, or of the bastion before it, was refused: {why}.",
    "{where} またはその手前の踏み台のホスト鍵が拒否されました: {why}。",
  ],
  ["{where} accepted no key for {user}: {why}.", "{where} は {user} のどの鍵も受け入れませんでした: {why}。"],
  [
    "The key is encrypted, and no agent holds it: {why}.",
    "鍵はパスフレーズで保護されており、エージェントにも登録されていません: {why}。",
  ],
  [
    "The system's ssh could not log into {where}: {why}.",
    "この端末の ssh で {where} にログインできませんでした: {why}。",
  ],
  ["it said nothing", "メッセージはありませんでした"],
  [
    "Update OpenSSH on this machine, or allow one of its algorithms on the server.",
    "この端末の OpenSSH を更新するか、それが対応する暗号方式をサーバーで許可してください。",
  ],
  [
    "Check the address, the port, and that the firewall lets this machine in.",
    "アドレスとポート、およびこの端末からの接続がファイアウォールで許可されていることを確認してください。",
  ],
  [
    "Check the route, the VPN, and what the bastion may forward.",
    "経路と VPN、および踏み台で許可されている転送先を確認してください。",
  ],
  [
    "Load it into an agent and run again: ssh-add {path}",
    "エージェントに登録してからやり直してください: ssh-add {path}",
  ],
  [
    "Put the key's public half, or its authority, where {host} looks for {user}'s, or name another with --identity PATH",
    "{host} が {user} の鍵を参照する場所に公開鍵またはその認証局を登録するか、--identity PATH で別の鍵を指定してください",
  ],
  [
    "Log in once by hand and compare the fingerprints: ssh -p {port} {user}@{host}",
    "手動で一度ログインし、フィンガープリントを照合してください: ssh -p {port} {user}@{host}",
  ],
  ["The system's ssh could not be started: {why}.", "この端末の ssh を起動できませんでした: {why}。"],
  ["Install OpenSSH's client on this machine.", "この端末に OpenSSH のクライアントをインストールしてください。"],
  ["No connection to {where} ({code}).", "{where}に接続できませんでした({code})。"],
  ["There is no address for {where} ({code}).", "{where} の名前解決ができません({code})。"],
  ["The connection was refused by {where} ({code}).", "{where}への接続が拒否されました({code})。"],
  ["There was no answer in time from {where} ({code}).", "{where}から時間内に応答がありませんでした({code})。"],
  ["There is no way to {where} ({code}).", "{where}への経路がありません({code})。"],
  ["port {port} of {host}", "{host} の {port} 番ポート"],
  ["port {port} of {host} ({address})", "{host}({address})の {port} 番ポート"],
  [
    "Check the spelling and the resolver, or give the address instead of the name.",
    "名前の綴りと名前解決の設定を確認するか、名前の代わりにアドレスを指定してください。",
  ],
  [
    "Check that sshd runs and that the port is right; a firewall that rejects looks the same.",
    "sshd が動作していることとポートを確認してください。ファイアウォールが拒否した場合も同じ結果になります。",
  ],
  [
    "Check the address, the port, and that the firewall lets this machine in; behind a bastion give jump: user@bastion.",
    "アドレスとポート、およびこの端末からの接続がファイアウォールで許可されていることを確認してください。踏み台を経由する場合は jump: user@bastion を指定してください。",
  ],
  [
    "Check the route, and the VPN if the host is behind one.",
    "経路を確認し、ホストに VPN が必要な場合は VPN も確認してください。",
  ],
  ["The login to {where} was interrupted.", "{where} へのログインが中断されました。"],
  ["Run the command again.", "コマンドをやり直してください。"],
  ["sh could not be started: {code}", "sh を起動できませんでした: {code}"],
  ["the shell did not answer", "シェルの応答がありませんでした"],
];
