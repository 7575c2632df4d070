import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Credentials } from "./certificate.ts";
import type { Ends, Log } from "./log.ts";
import { type Endpoint, listenTcp } from "./sockets.ts";

const maximumBytes = 10_000_000;

/** So much of a mail is looked through for its subject. */
const headBytes = 16_384;

/** Takes every mail and every password, offers STARTTLS, and keeps the envelope and the subject. */
export async function serveSmtp(at: Endpoint, credentials: Credentials, log: Log): Promise<void> {
  await listenTcp(at, log, (socket, ends) => sink(credentials, ends, log).connect(socket));
}

function sink(credentials: Credentials, ends: Ends, log: Log): SMTPServer {
  const server = new SMTPServer({
    ...credentials,
    name: "mail.lab.test",
    logger: false,
    size: maximumBytes,
    rejectOversized: true,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: (login, _session, done) => done(null, { user: login.username ?? "" }),
    onData(stream, session, done) {
      let bytes = 0;
      let head = Buffer.alloc(0);
      stream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (head.length < headBytes) head = Buffer.concat([head, chunk]);
      });
      stream.on("end", () => {
        log({ protocol: "smtp", ...ends, ...mail(session, stream, head.toString()), bytes });
        done();
      });
    },
  });
  // Clients that break off or talk nonsense are the sink's daily bread.
  server.on("error", () => undefined);
  return server;
}

function mail(session: SMTPServerSession, stream: SMTPServerDataStream, head: string) {
  const { mailFrom, rcptTo } = session.envelope;
  const recipients = rcptTo.map((each) => each.address);
  return {
    name: recipients[0] ?? "",
    detail: {
      from: mailFrom === false ? "" : mailFrom.address,
      to: recipients.join(" "),
      subject: subjectOf(head),
      user: session.user ?? "",
      tls: session.secure,
      complete: !stream.sizeExceeded,
    },
  };
}

/** The Subject of a mail's header, its folded lines joined, encoded words as they came; empty where there is none. */
export function subjectOf(head: string): string {
  const [header = ""] = head.split(/\r?\n\r?\n/, 1);
  const [, subject = ""] = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(header) ?? [];
  return subject.replace(/\r?\n[ \t]+/g, " ").trim();
}
