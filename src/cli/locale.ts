import type { Locale } from "#model/text.ts";

/** The language of the terminal: what was asked for, else the locale of the environment (locale(7)), else English. */
export function pickLocale(asked: string | undefined, environment: NodeJS.ProcessEnv): Locale {
  if (asked === "ja" || asked === "en") return asked;
  const name = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return name.toLowerCase().startsWith("ja") ? "ja" : "en";
}
