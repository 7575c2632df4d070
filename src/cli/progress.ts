import type { Progress } from "#model/progress.ts";
import type { Locale } from "#model/text.ts";
import { stepNames, texts } from "./texts.ts";

/** How progress is shown: redrawn on a terminal, lines otherwise, JSON lines for machines, or not at all. */
export type ProgressStyle = "redraw" | "lines" | "json" | "none";

/** Shows progress on a stream until it is closed. */
export interface ProgressView {
  readonly tell: (event: Progress) => void;
  readonly close: () => void;
}

const redrawEveryMs = 100;
/** Places that every run has; any other is named. */
const usualPlaces: readonly string[] = ["here", "host"];

/** Opens a view of progress for one target. `now` is the scanner's clock. */
export function openProgress(options: {
  readonly style: ProgressStyle;
  readonly stream: NodeJS.WriteStream;
  readonly locale: Locale;
  readonly target: string;
  readonly now: () => Date;
}): ProgressView {
  switch (options.style) {
    case "none":
      return { tell: () => undefined, close: () => undefined };
    case "json":
      return jsonLines(options);
    case "lines":
      return plainLines(options);
    case "redraw":
      return redrawn(options);
  }
}

type Options = Parameters<typeof openProgress>[0];

function jsonLines({ stream, target, now }: Options): ProgressView {
  const tell = (event: Progress) => {
    stream.write(`${JSON.stringify({ time: now().toISOString(), level: "info", target, ...event })}\n`);
  };
  return { tell, close: () => undefined };
}

function plainLines({ stream, locale, target }: Options): ProgressView {
  const tell = (event: Progress) => {
    if (event.state === "end") stream.write(`${target}: ${describe(event, locale)} ${texts.done[locale]}\n`);
  };
  return { tell, close: () => undefined };
}

function redrawn({ stream, locale, target, now }: Options): ProgressView {
  const running = new Map<string, Progress>();
  let drawnAt = 0;
  const draw = () => {
    const parts = [...running.values()].map((event) => describe(event, locale));
    const line = `${texts.auditing[locale]} ${target}: ${parts.join(" · ")}`;
    stream.write(`\r\u001b[2K${cut(line, (stream.columns ?? 80) - 1)}`);
    drawnAt = now().getTime();
  };
  const tell = (event: Progress) => {
    const key = `${event.vantage} ${event.step} ${event.subject ?? ""}`;
    if (event.state === "end") running.delete(key);
    else running.set(key, event);
    if (event.state !== "update" || now().getTime() - drawnAt >= redrawEveryMs) draw();
  };
  return { tell, close: () => stream.write("\r\u001b[2K") };
}

function describe(event: Progress, locale: Locale): string {
  const parts = [...(usualPlaces.includes(event.vantage) ? [] : [`[${event.vantage}]`]), stepNames[event.step][locale]];
  if (event.subject !== undefined) parts.push(event.subject);
  if (event.done !== undefined && event.total !== undefined && event.total > 0 && event.state !== "end") {
    parts.push(`${Math.floor((event.done / event.total) * 100)}%`);
  }
  return parts.join(" ");
}

/** Cuts to a number of columns; every character of these lines that is not ASCII takes two. */
function cut(line: string, columns: number): string {
  let width = 0;
  let kept = "";
  for (const character of line) {
    width += character.charCodeAt(0) < 0x0500 ? 1 : 2;
    if (width > columns) break;
    kept += character;
  }
  return kept;
}
