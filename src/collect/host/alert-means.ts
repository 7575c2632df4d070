import { type Maybe, unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { rootProcessNames } from "./processes.ts";

/** By what somebody is told. */
export interface Channel {
  readonly name: "mail" | "webhook";
  /** It is set and can be sent from this host. */
  readonly reaches: Maybe<boolean>;
  /** Why not; empty where it can, or where it is not known. */
  readonly fault: string;
}

/** What the words of a variable or a destination come to. */
export type Destination = "remote" | "local" | "empty" | "invalid" | "notice" | "beat" | "url" | "other" | undefined;

/** How mail leaves the host. */
export interface Mail {
  readonly leaves: Maybe<boolean>;
  readonly rootLeaves: boolean;
  /** logwatch is installed, which mails what it finds in logs as its own settings say. */
  readonly logwatch: boolean;
}

/** Reads which programs send mail, and whether they send it to other machines. */
export function readMail(output: HostOutput): Mail {
  const frame = frameOf(output, "alerts.mail");
  const text = frame?.text ?? "";
  const has = (line: RegExp) => line.test(text);
  const unread = frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok";
  return {
    leaves: unread ? unknown("how mail leaves the host was not read") : leavesBy(output, text),
    rootLeaves: has(/^alias root remote$/m),
    logwatch: has(/^program logwatch$/m),
  };
}

function leavesBy(output: HostOutput, text: string): Maybe<boolean> {
  if (!/^program (sendmail|msmtp|s-nail|mutt)$/m.test(text))
    return /^program mailx?$/m.test(text) ? unknown("what mail(1) hands its mail to is not known") : false;
  const agent = /^sendmail (\S{1,60})$/m.exec(text)?.[1] ?? (/^program msmtp$/m.test(text) ? "msmtp" : "");
  if (agent === "msmtp") return leavesByMsmtp(text);
  if (agent.startsWith("exim")) return leavesByExim(text);
  const transport = /^postfix (\S+)$/m.exec(text)?.[1];
  if (transport === undefined) return unknown("how the program that sends mail is set up was not read");
  if (/^(error|discard|local)/.test(transport)) return false;
  // Mail waits in its folder until the daemon runs.
  return rootProcessNames(output)?.has("master") ?? unknown("processes could not be seen");
}

function leavesByMsmtp(text: string): Maybe<boolean> {
  if (/^msmtp [1-9]/m.test(text)) return true;
  return /^msmtp unread$/m.test(text) ? unknown("msmtp's settings may not be read") : false;
}

/** Debian's settings of exim name a kind of server: local sends nothing to other machines. */
function leavesByExim(text: string): Maybe<boolean> {
  const type = /^exim ([a-z]+)$/m.exec(text)?.[1];
  return type === undefined ? unknown("exim's settings were not read") : type !== "local" && type !== "none";
}

/** What becomes of mail to such an address. */
function mailChannel(to: Destination, mail: Mail): Channel {
  const channel = (reaches: Maybe<boolean>, fault = ""): Channel => ({ name: "mail", reaches, fault });
  switch (to) {
    case "empty":
      return channel(false, "the address of its mail is empty");
    case "invalid":
      return channel(false, "the address of its mail is a placeholder");
    case "local":
      if (!mail.rootLeaves)
        return channel(unknown("its mail stays on the host; whether anybody reads it is not known"));
      break;
    case "remote":
      break;
    default:
      return channel(unknown("where its mail goes could not be read"));
  }
  return mail.leaves === false ? channel(false, "no mail leaves the host") : channel(mail.leaves);
}

/** What becomes of a message to such an address. */
function webhookChannel(to: Destination): Channel {
  const channel = (reaches: Maybe<boolean>, fault = ""): Channel => ({ name: "webhook", reaches, fault });
  switch (to) {
    case "notice":
    case "url":
      return channel(true);
    case "empty":
      return channel(false, "the address of its webhook is empty");
    case "invalid":
      return channel(false, "the address of its webhook is a placeholder");
    default:
      return channel(unknown("where its message goes could not be read"));
  }
}

/** One of several is enough; none only where each is known to be none. */
export function anyReaches(channels: readonly Channel[]): Maybe<boolean> {
  const answers = channels.map(({ reaches }) => reaches);
  if (answers.includes(true)) return true;
  return answers.find((answer) => answer !== false) ?? false;
}

/** Channels of the words `mail:...` and `post:...`; `$name` stands for what a variable holds. */
export function channelsOf(
  words: readonly string[],
  variables: ReadonlyMap<string, Destination>,
  mail: Mail,
): readonly Channel[] {
  return words.flatMap((word): Channel[] => {
    const [, kind, to = ""] = /^(mail|post):(\S{1,80})$/.exec(word) ?? [];
    if (kind === undefined) return [];
    const held = to.startsWith("$") ? variables.get(to.slice(1)) : destinationOf(to);
    if (held === "beat") return [];
    return [kind === "mail" ? mailChannel(held, mail) : webhookChannel(held)];
  });
}

/** A destination as the script names it. */
export function destinationOf(word: string): Destination {
  const all = ["remote", "local", "empty", "invalid", "notice", "beat", "url", "other"] as const;
  return all.find((each) => each === word);
}
