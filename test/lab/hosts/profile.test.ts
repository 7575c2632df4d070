import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadProfile, profileNames } from "./profile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-profiles-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "profile.yaml"), text);
}

/** What reading a profile is refused with. */
function refusal(name: string): unknown {
  try {
    return loadProfile(name, folder);
  } catch (error) {
    return error;
  }
}

test("a profile has from its parent what it leaves out, and layers and options besides its own", () => {
  write(
    "server",
    "title: A server\nlayers: [base]\nlogin: admin\nnspawn: [--bind=/dev/net/tun]\npolicy: policy.yaml\nstates: [BKP-6]\nexpect: { fail: [old] }\n",
  );
  write("server-docker", "title: With Docker\nextends: server\nlayers: [docker]\ndocker: true\nready: docker info\n");
  expect(loadProfile("server-docker", folder)).toMatchObject({
    name: "server-docker",
    title: "With Docker",
    layers: ["base", "docker"],
    login: "admin",
    nspawn: ["--bind=/dev/net/tun"],
    docker: true,
    ready: "docker info",
    policy: join(folder, "server/policy.yaml"),
    states: ["BKP-6"],
    expect: { fail: ["old"], unknown: [], notchecked: [] },
    parent: { name: "server", docker: false, ready: undefined },
  });
});

describe("is refused, with the place and a way out:", () => {
  test("a misspelt field", () => {
    write("odd", "title: Odd\nlogn: ops\n");
    const place = { file: join(folder, "odd/profile.yaml"), line: 2, column: 1 };
    expect(refusal("odd")).toMatchObject({ message: 'unknown field "logn"', place, hint: 'did you mean "login"?' });
  });

  test("a name that is not there", () => {
    expect(refusal("sever")).toMatchObject({ message: 'there is no profile "sever"', hint: 'did you mean "server"?' });
  });

  test("a parent that is not there, in the file that names it", () => {
    write("orphan", "title: Orphan\nextends: nobody\n");
    expect(refusal("orphan")).toMatchObject({ place: { file: join(folder, "orphan/profile.yaml") } });
  });

  test("a circle", () => {
    write("hen", "title: Hen\nextends: egg\n");
    write("egg", "title: Egg\nextends: hen\n");
    expect(refusal("hen")).toMatchObject({ message: "the profile extends itself: hen → egg → hen" });
  });
});

describe("the lab's own profiles", () => {
  test.each(profileNames())("%s can be read, and its policy is there", (name) => {
    const { policy } = loadProfile(name);
    expect(policy === undefined || existsSync(policy)).toBe(true);
  });
});
