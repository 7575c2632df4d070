import { expect, test } from "vitest";
import { output, read, value } from "./capture.ts";

const folders =
  "folder 755 root /home\nfolder 700 openclaw /home/openclaw\nfolder 700 openclaw /home/openclaw/.openclaw\n";
const own = `${folders}file 600 openclaw /home/openclaw/.openclaw/openclaw.json\n`;
const config = "config /home/openclaw/.openclaw/openclaw.json\nmode 600 999\n";

function files(text: string, { configs = config, state = "ok", code = "0" } = {}): readonly unknown[] {
  const host = read(
    output([
      ["processes", "1 0 0 0 init"],
      ["openclaw.processes", "process 70 999 0 node\naccount openclaw /home/openclaw\n"],
      ["openclaw.configs", configs],
      ["openclaw.files", text, state, code],
    ]),
  );
  return (value(host, "openclaw") as { privateFiles: readonly unknown[] }).privateFiles;
}

const open = { $unknown: expect.any(String) };
const readBy = (others: boolean, mode: string) => ({
  path: "/home/openclaw/.openclaw/openclaw.json",
  mode,
  owner: "openclaw",
  othersRead: others,
});

test("a file of its owner alone", () => {
  expect(files(own)).toEqual([readBy(false, "600")]);
});

test.each([
  ["711 711", "644", true],
  ["755 755", "604", true],
  ["700 755", "644", false],
  ["755 750", "644", false],
  ["755 755", "640", false],
  ["755 755", "611", false],
])("below folders %s with mode %s others read it: %s", (modes, mode, others) => {
  const [home = "", inner = ""] = modes.split(" ");
  const text = own
    .replace("700 openclaw /home/openclaw\n", `${home} openclaw /home/openclaw\n`)
    .replace("700 openclaw /home/openclaw/.openclaw\n", `${inner} openclaw /home/openclaw/.openclaw\n`)
    .replace("file 600", `file ${mode}`);
  expect(files(text)).toEqual([readBy(others, mode)]);
});

test("one that lies beside is found too, and those that others read come first", () => {
  const text = `${own.replaceAll("folder 700", "folder 755")}file 664 openclaw /home/openclaw/.openclaw/.env\n`;
  expect(files(text)).toMatchObject([
    { path: "/home/openclaw/.openclaw/.env", othersRead: true },
    readBy(false, "600"),
  ]);
});

test.each([
  ["the configuration lies elsewhere", own, { configs: config.replace("/home", "/srv") }],
  ["its place is not known", own, { configs: "hidden /home/openclaw/.openclaw/openclaw.json\n" }],
  ["a folder could not be entered", `${own}find: '/home/openclaw/.openclaw/x': Permission denied\n`, {}],
  ["a name cannot be printed", `${own}odd\n`, {}],
  ["the list was cut", own, { state: "truncated", code: "-" }],
])("the list is open where %s", (_why, text, more) => {
  expect(files(text, more).at(-1)).toEqual(open);
});

test("a folder that is not there hides nothing", () => {
  for (const program of ["find", "/usr/bin/find"])
    expect(files(`${own}${program}: '/var/lib/openclaw': No such file or directory\n`, { code: "1" })).toHaveLength(1);
});

test("nothing is known where root was not asked, or did not answer", () => {
  expect(files("", { state: "denied", code: "126" })).toEqual([open]);
  expect(files(own, { state: "timeout", code: "124" })).toEqual([open]);
});

test("of very many files the list ends open", () => {
  const many = Array.from(
    { length: 500 },
    (_, index) => `file 600 openclaw /home/openclaw/.openclaw/${index}.sqlite\n`,
  );
  const list = files(own + many.join(""));
  expect(list).toHaveLength(201);
  expect(list.at(-1)).toEqual(open);
});
