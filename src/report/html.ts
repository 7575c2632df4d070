import Handlebars from "handlebars";
import type { Report } from "#model/report.ts";
import type { Locale, Text } from "#model/text.ts";
import { say, sayNamed } from "./say.ts";
import { jst, utc } from "./times.ts";
import { contentHash, type ReportView, reportView } from "./view.ts";
import { cut, stretches } from "./visible.ts";

/** The page's templates, compiled, with its style and script. */
export interface HtmlTemplates {
  readonly page: (page: Page) => string;
  readonly css: string;
  readonly script: string;
}

interface Page extends ReportView {
  readonly japanese: boolean;
  readonly shownTitle: string;
  readonly css: string;
  readonly pageCss: string;
  readonly script: string;
  readonly policy: string;
}

const main = "html/report.hbs";
const styles = ["base", "verdict", "body", "ports", "map", "findings", "wide", "print"].map(
  (name) => `html/${name}.css`,
);
const script = "html/report.js";
const partials = [
  "verdict",
  "contents",
  "blocks",
  "undecided",
  "map",
  "mapbox",
  "findings",
  "finding",
  "statements",
  "waivers",
  "method",
  "facts",
  "marks",
  "commands",
];

/** Files under reports/ that `prepareTemplates` needs. */
export const templateFiles: readonly string[] = [main, ...styles, script, ...partials.map(fileOf)];

function fileOf(partial: string): string {
  return `html/${partial}.hbs`;
}

/**
 * Compiles the templates. `files` maps each name of `templateFiles` to the text of the file.
 * Throws where one is missing or would end its element early: the installation is broken then.
 */
export function prepareTemplates(files: ReadonlyMap<string, string>): HtmlTemplates {
  const handlebars = Handlebars.create();
  const options = {
    strict: true,
    noEscape: false,
    preventIndent: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
  };
  handlebars.registerHelper(helpers);
  for (const partial of partials) handlebars.registerPartial(partial, take(files, fileOf(partial)));
  const page = handlebars.compile<Page>(take(files, main), options);
  const css = styles.map((name) => take(files, name)).join("\n");
  const js = take(files, script);
  if (/<\/style|<!--/i.test(css)) throw new Error("a style sheet would end its element");
  if (/<\/script|<!--/i.test(js)) throw new Error(`${script} would end its element`);
  return { page: (view) => page(view), css, script: js };
}

function take(files: ReadonlyMap<string, string>, name: string): string {
  const text = files.get(name);
  if (text === undefined) throw new Error(`template ${name} is missing`);
  return text.replaceAll("\r\n", "\n");
}

/**
 * The report as one HTML file that loads nothing: both languages, style and script are in it. The page opens in `locale`;
 * without script it can still be read and switched.
 */
export function renderHtml(
  report: Report,
  { locale, templates }: { readonly locale: Locale; readonly templates: HtmlTemplates },
): string {
  const view = reportView(report, locale);
  const pageCss = runningHeader(report);
  return templates.page({
    ...view,
    japanese: locale === "ja",
    shownTitle: view.documentTitle[locale],
    css: templates.css,
    pageCss,
    script: templates.script,
    policy: contentPolicy([templates.css, pageCss], [templates.script]),
  });
}

function contentPolicy(styles: readonly string[], scripts: readonly string[]): string {
  const hashes = (texts: readonly string[]) => texts.map((text) => `'sha256-${contentHash(text)}'`).join(" ");
  return [
    "default-src 'none'",
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Style of the printed pages' margins: target, report id and page number (CSS Paged Media, margin boxes). */
function runningHeader(report: Report): string {
  const target = cssString(report.target.id.slice(0, 60));
  const id = cssString(report.id.slice(0, 32));
  return `@page{@top-left{content:${target}}@top-right{content:${id}}}`;
}

/** A CSS string in which everything but letters and digits is escaped, so that no text can end it or the element around it. */
function cssString(text: string): string {
  const escaped = text.replace(/[^A-Za-z0-9]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `);
  return `"${escaped}"`;
}

/** Longest text, and longest block of lines, that the page shows of the target's own words. */
const limits = { text: 1200, block: 4000, lines: 60 };

const helpers = {
  /** A text of ours, in both languages. */
  ui: (key: string, { hash }: Handlebars.HelperOptions) => inBoth(sayNamed(key, hash), "span", ours),
  /** A text of ours that the view has filled in. */
  filled: (text: Text) => inBoth(text, "span", ours),
  /** A text of the report: it may hold the target's own words. */
  said: (text: Text) => inBoth(text, "bdi", (value) => theirs(value, { code: true })),
  /** Why something is not known: what is filled in may be the target's own words. */
  because: (text: Text) => inBoth(text, "bdi", theirs),
  /** The target's own words in a line. */
  data: (value: string) => safely(`<bdi>${theirs(value)}</bdi>`),
  /** The target's own words in lines. */
  block: (value: string) => safely(`<bdi>${shown(value, limits.block, { lines: limits.lines })}</bdi>`),
  jst: (instant: string) => safely(`<time>${Handlebars.escapeExpression(jst(instant))}</time>`),
  utc: (instant: string) => safely(`<time>${Handlebars.escapeExpression(utc(instant))}</time>`),
  number: (value: number) => value.toLocaleString("en-US"),
};

function safely(html: string): Handlebars.SafeString {
  return new Handlebars.SafeString(html);
}

function inBoth(text: Text, element: "span" | "bdi", show: (text: string) => string): Handlebars.SafeString {
  if (text.en === text.ja) return safely(`<${element}>${show(text.en)}</${element}>`);
  return safely(
    `<${element} lang="ja">${show(text.ja)}</${element}><${element} lang="en">${show(text.en)}</${element}>`,
  );
}

/** HTML of a text of ours; what was filled into it may be the target's own words. */
function ours(text: string): string {
  return shown(text, limits.text);
}

/** HTML of the target's own words in a line; that there are none is shown too. */
function theirs(text: string, showing?: Showing): string {
  return text.trim() === "" ? '<span class="control">""</span>' : shown(text, limits.text, showing);
}

interface Showing {
  readonly lines?: number;
  /** `words in backticks` are code. */
  readonly code?: boolean;
}

/** HTML of a text: escaped, unseen characters made visible, cut where it is too long. */
function shown(value: string, limit: number, { lines, code = false }: Showing = {}): string {
  const { text, whole } = cut(value, limit, lines);
  const html = code ? withCode(text) : escaped(text);
  if (whole === null) return html;
  const note = say("cutNote", { length: whole.length.toLocaleString("en-US"), digest: whole.digest });
  return `${html}<span class="cut"> … ${inBoth(note, "span", escaped).toString()}</span>`;
}

function withCode(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part)))
    .join("");
}

function escaped(text: string): string {
  return stretches(text)
    .map((stretch) => {
      const html = Handlebars.escapeExpression(stretch.text);
      return stretch.control ? `<span class="control">${html}</span>` : html;
    })
    .join("");
}
