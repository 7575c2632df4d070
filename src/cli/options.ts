import { Option } from "commander";

/** The option by which every command takes its language. */
export function langOption(): Option {
  return new Option("--lang <language>", "language (default: of the locale)").choices(["ja", "en"]);
}
