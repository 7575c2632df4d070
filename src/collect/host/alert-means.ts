import { type Maybe, unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { rootProcessNames } from "./processes.ts";

/** By what somebody is told. */
export interface Channel {
  readonly name: "mail" | "webhook";
  /** A message is sent; unknown of a request that may as well ask for something. */
  readonly tells: Maybe<true>;
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
  /** Mail to root goes to an address elsewhere. */
  readonly rootLeaves: boolean;
  /** A program is installed that mails what it finds in logs, as its own settings say. */
  readonly digest: string | undefined;
  /** rsyslog hands entries to another machine. */
  readonly forwards: boolean;
}

/** Reads which programs send mail, and whether they send it to other machines. */
export function readMail(output: HostOutput): Mail {
  const frame = frameOf(output, "alerts.mail");
  const text = frame?.text ?? "";
  const has = (line: RegExp) => line.test(text);
  const unread = frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok";
  return {
    leaves: unread ? unknown("how mail leaves the host was not read") : leavesBy(output, text),
    rootLeaves: has(/^alias root remote$/m) && (agentOf(text) !== "msmtp" || has(/^msmtp aliases$/m)),
    digest: /^program (logwatch|logcheck)$/m.exec(text)?.[1],
    forwards: has(/^forwards$/m),
  };
}

function leavesBy(output: HostOutput, text: string): Maybe<boolean> {
  if (!/^program (sendmail|msmtp|s-nail|mutt)$/m.test(text))
    return /^program mailx?$/m.test(text) ? unknown("what mail(1) hands its mail to is not known") : false;
  const agent = agentOf(text);
  if (agent === "msmtp") return leavesByMsmtp(text);
  if (agent.startsWith("exim")) return leavesByExim(text);
  const transport = /^postfix (\S+)$/m.exec(text)?.[1];
  if (transport === undefined) return unknown("how the program that sends mail is set up was not read");
  if (/^(error|discard|local)/.test(transport)) return false;
  // Mail waits in its folder until the daemon runs.
  return rootProcessNames(output)?.has("master") ?? unknown("processes could not be seen");
}

/** What sends the mail that is handed to sendmail(8). */
function agentOf(text: string): string {
  return /^sendmail (\S{1,60})$/m.exec(text)?.[1] ?? (/^program msmtp$/m.test(text) ? "msmtp" : "");
}

function leavesByMsmtp(text: string): Maybe<boolean> {
  if (/^msmtp [1-9]/m.test(text)) return true;
  if (/^msmtp near$/m.test(text)) return unknown("what msmtp hands its mail to on the host or near it is not read");
  return /^msmtp unread$/m.test(text) ? unknown("msmtp's settings may not be read") : false;
}

/** Debian's settings of exim name a kind of server: local sends nothing to other machines. */
function leavesByExim(text: string): Maybe<boolean> {
  const type = /^exim ([a-z]+)$/m.exec(text)?.[1];
  return type === undefined ? unknown("exim's settings were not read") : type !== "local" && type !== "none";
}

/** What becomes of mail to such an address. */
function mailChannel(to: Destination, mail: Mail): Channel {
  const channel = (reaches: Maybe<boolean>, fault = ""): Channel => ({ name: "mail", tells: true, reaches, fault });
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

/** What becomes of a message to such an address; none where it is no address of one. */
function webhookChannels(to: Destination): readonly Channel[] {
  const channel = (reaches: Maybe<boolean>, fault = ""): Channel[] => [
    { name: "webhook", tells: true, reaches, fault },
  ];
  const unsure = (why: string): Channel[] => [
    { name: "webhook", tells: unknown(why), reaches: unknown(why), fault: "" },
  ];
  switch (to) {
    case "notice":
      return channel(true);
    case "beat":
    case "other":
      return [];
    case "url":
      return unsure("whether its request tells anybody is not known");
    case "local":
      return unsure("its message stays on the host; whether that tells anybody is not known");
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

/** Whether any of them sends a message. */
export function anyTells(channels: readonly Channel[]): Maybe<boolean> {
  const answers = channels.map(({ tells }) => tells);
  return answers.includes(true) ? true : (answers[0] ?? false);
}

/** Channels of the words `mail:...` and `post:...`; `$name` stands for what a variable holds. */
export function channelsOf(
  words: readonly string[],
  variables: ReadonlyMap<string, Destination>,
  mail: Mail,
): readonly Channel[] {
  return words.flatMap((word): readonly Channel[] => {
    const [, kind, to = ""] = /^(mail|post):(\S{1,80})$/.exec(word) ?? [];
    if (kind === undefined) return [];
    const held = to.startsWith("$") ? variables.get(to.slice(1)) : destinationOf(to);
    return kind === "mail" ? [mailChannel(held, mail)] : webhookChannels(held);
  });
}

/** A destination as the script names it. */
export function destinationOf(word: string): Destination {
  const all = ["remote", "local", "empty", "invalid", "notice", "beat", "url", "other"] as const;
  return all.find((each) => each === word);
}
