import { PassThrough, type Readable } from "node:stream";

/** What ssh -v tells on its way to a login, apart from what the far side writes to stderr afterwards. */
export interface SshLog {
  /** Everything up to the login, as it came. */
  readonly text: () => string;
  readonly authenticated: () => boolean;
  /** The host key that the last server showed, as ssh names it. */
  readonly hostKey: () => { readonly type: string; readonly fingerprint: string } | undefined;
  /** stderr without ssh's own lines. */
  readonly rest: Readable;
}

const logBytes = 64 * 1024;
const lineBytes = 8 * 1024;
const ownLine = /^(?:debug[123]: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: )/;
const hostKeyLine = /^debug1: Server host key: (\S+) (SHA256:[A-Za-z0-9+/]+)\r?$/m;

/** Parts ssh's own lines from the rest of its stderr. Of the far side's lines none is taken for ssh's after the login. */
export function splitSshLog(stderr: Readable): SshLog {
  const rest = new PassThrough();
  let text = "";
  let line = "";
  let authenticated = false;
  const take = (whole: string) => {
    // ssh ends its own lines with CR LF.
    const own = whole.endsWith("\r\n") && ownLine.test(whole);
    if (!authenticated && text.length < logBytes) text += whole;
    if (own && whole.startsWith("Authenticated to ")) authenticated = true;
    if (!own) rest.write(whole);
  };
  stderr.setEncoding("utf8");
  stderr.on("data", (chunk: string) => {
    line += chunk;
    let end = line.indexOf("\n");
    while (end >= 0) {
      take(line.slice(0, end + 1));
      line = line.slice(end + 1);
      end = line.indexOf("\n");
    }
    if (line.length > lineBytes) {
      take(line);
      line = "";
    }
  });
  stderr.on("close", () => {
    if (line !== "") take(line);
    rest.end();
  });
  return {
    text: () => text,
    authenticated: () => authenticated,
    hostKey: () => {
      const match = hostKeyLine.exec(text);
      const [, type, fingerprint] = match ?? [];
      return type === undefined || fingerprint === undefined ? undefined : { type, fingerprint };
    },
    rest,
  };
}
