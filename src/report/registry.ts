import type { Report } from "#model/report.ts";
import type { Locale, Text } from "#model/text.ts";
import type { HtmlTemplates } from "./html.ts";

/** What the formats need beside a report. */
interface RenderOptions {
  readonly locale: Locale;
  /** Reads the page's templates; called only by the format that needs them. */
  readonly templates: () => HtmlTemplates;
  /** Width and colours of the terminal, for text. */
  readonly columns: number;
  readonly color: boolean;
}

/** A format that reports can be rendered in. */
export interface ReportFormat {
  readonly id: string;
  /** Name of the file beside evidence.json. */
  readonly file: string;
  readonly mediaType: string;
  /** What it is for, in a few words. */
  readonly purpose: Text;
  readonly render: (report: Report, options: RenderOptions) => Promise<string | Uint8Array>;
}

/** Every format. A format's code is loaded when it is rendered: `--help` needs none of it. */
export const formats = [
  {
    id: "text",
    file: "report.txt",
    mediaType: "text/plain",
    purpose: { en: "the report in short, for a terminal", ja: "端末向けの要約" },
    render: async (report, { locale, columns, color }) =>
      (await import("./summary.ts")).renderSummary(report, { locale, columns, color }),
  },
  {
    id: "json",
    file: "report.json",
    mediaType: "application/json",
    purpose: {
      en: "the report itself, from which all others are made",
      ja: "報告書の本体。ほかの形式はここから作られます",
    },
    render: async (report) => (await import("./json.ts")).renderJson(report),
  },
  {
    id: "html",
    file: "report.html",
    mediaType: "text/html",
    purpose: { en: "the page for people, in both languages", ja: "人が読むための日英併記のページ" },
    render: async (report, { locale, templates }) =>
      (await import("./html.ts")).renderHtml(report, { locale, templates: templates() }),
  },
  {
    id: "markdown",
    file: "report.md",
    mediaType: "text/markdown",
    purpose: {
      en: "comment on a pull request, summary of a job; 65,000 characters at most",
      ja: "プルリクエストのコメントやジョブの要約。最大65,000文字",
    },
    render: async (report, { locale }) => (await import("./markdown.ts")).renderMarkdown(report, locale),
  },
  {
    id: "sarif",
    file: "report.sarif",
    mediaType: "application/sarif+json",
    purpose: { en: "SARIF 2.1.0, for GitHub code scanning", ja: "SARIF 2.1.0。GitHubのコードスキャン向け" },
    render: async (report, { locale }) => (await import("./sarif.ts")).renderSarif(report, locale),
  },
  {
    id: "junit",
    file: "report.junit.xml",
    mediaType: "application/xml",
    purpose: { en: "JUnit XML, for the test view of a CI", ja: "JUnit XML。CIのテスト結果画面向け" },
    render: async (report, { locale }) => (await import("./junit.ts")).renderJunit(report, locale),
  },
  {
    id: "csv",
    file: "report.csv",
    mediaType: "text/csv",
    purpose: { en: "one row for each finding, for a spreadsheet", ja: "検査結果を1件1行で並べた表" },
    render: async (report, { locale }) => (await import("./csv.ts")).renderCsv(report, locale),
  },
  {
    id: "xlsx",
    file: "report.xlsx",
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    purpose: {
      en: "a workbook with findings, requirements and evidence",
      ja: "検査結果・要件・検査の記録をまとめたExcelブック",
    },
    render: async (report, { locale }) => (await import("./xlsx.ts")).renderXlsx(report, locale),
  },
  {
    id: "oscal",
    file: "report.oscal.json",
    mediaType: "application/json",
    purpose: { en: "OSCAL assessment results, for GRC tools", ja: "OSCALのassessment-results。GRCツール向け" },
    render: async (report, { locale }) => (await import("./oscal.ts")).renderOscal(report, locale),
  },
  {
    id: "ocsf",
    file: "report.ocsf.ndjson",
    mediaType: "application/x-ndjson",
    purpose: { en: "OCSF Compliance Finding events, for a SIEM", ja: "OCSFのCompliance Findingイベント。SIEM向け" },
    render: async (report, { locale }) => (await import("./ocsf.ts")).renderOcsf(report, locale),
  },
] as const satisfies readonly ReportFormat[];

/** Id of a format. */
export type FormatId = (typeof formats)[number]["id"];

/** Ids of all formats. */
export const formatIds: readonly FormatId[] = formats.map(({ id }) => id);

/** A format by its id. */
export function formatOf(id: FormatId): ReportFormat {
  const found = formats.find((format) => format.id === id);
  if (found === undefined) throw new Error(`no format named ${id}`);
  return found;
}
