import { expect, test } from "vitest";
import { captured, output, read, value } from "./capture.ts";

test("the declared container is the gateway's, however many use its image", () => {
  const host = read(captured("docker-20.10.24/several"));
  expect(value(host, "openclaw")).toMatchObject({
    install: "container",
    unit: "openclaw",
    user: "node",
    configPath: "/srv/openclaw/openclaw.json",
    bind: "lan",
    authMode: "token",
  });
  const containers = value(host, "containers") as readonly { readonly name: string; readonly openclaw: boolean }[];
  // openclaw-cli joins the gateway's network: a helper that is started for a command.
  expect(Object.fromEntries(containers.map(({ name, openclaw }) => [name, openclaw]))).toMatchObject({
    openclaw: true,
    "openclaw-cli": false,
    paused: true,
  });
});

const container = (name: string, network: string, flags: readonly string[] = []) =>
  [`/${name}`, "openclaw:local", "always", network, {}, ["/srv/claw"], [], flags, "node"]
    .map((word) => JSON.stringify(word))
    .join(" ");
const listed = (name: string) => `"${name}" "openclaw:local" ""`;
const config = [
  "config /srv/claw/openclaw.json",
  "mode 600 1000",
  "gateway.auth.mode\tstring\ttoken",
  "gateway.bind\tstring\tloopback",
].join("\n");

function hostWith(containers: readonly string[], names: readonly string[], declared = ""): unknown {
  return value(
    read(
      output([
        ["processes", "1 0 0 0 init"],
        ["containers.present", declared === "" ? "program docker" : `program docker\ndeclared ${declared}`],
        ["containers.list", names.map(listed).join("\n")],
        ["containers.inspect", containers.join("\n")],
        ["openclaw.processes", ""],
        ["openclaw.configs", config],
      ]),
    ),
    "openclaw",
  );
}

const two = [container("claw-a", "bridge", ["--auth", "none"]), container("claw-b", "bridge")];

test("of two that may be the gateway's, nothing is said that holds for one alone", () => {
  const why = { $unknown: expect.stringContaining("several containers look like OpenClaw's (claw-a, claw-b)") };
  expect(hostWith(two, ["claw-a", "claw-b"])).toMatchObject({
    install: "container",
    unit: why,
    user: why,
    authMode: why,
  });
});

test.each([
  ["claw-a", "none"],
  ["claw-b", "token"],
])("declared %s: its own flags and the configuration count", (declared, authMode) => {
  expect(hostWith(two, ["claw-a", "claw-b"], declared)).toMatchObject({ unit: declared, authMode });
});

test("the only one in a network of its own is the gateway's", () => {
  const helper = container("claw-cli", "container:0123", ["--auth", "none"]);
  expect(hostWith([helper, container("claw", "bridge")], ["claw-cli", "claw"])).toMatchObject({
    unit: "claw",
    authMode: "token",
  });
});
