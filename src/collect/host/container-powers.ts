import type { Static } from "typebox";
import type { Containers } from "#evidence/host.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { isRecord, type Json } from "./json.ts";

type Container = Exclude<Static<typeof Containers>[number], { $unknown: string }>;
type Mount = Container["mounts"][number];

/** What a container may do on its host, and how it is. */
export type Powers = Pick<
  Container,
  "imageId" | "createdAt" | "privileged" | "addedCapabilities" | "health" | "mounts" | "reachesEngine"
>;

/** As many mounts as are told; a list with more ends open. */
const mostMounts = 100;

/** The powers that docker inspect tells of a container, from the last word of its line. */
export function powersOf(word: Json | undefined): Powers {
  if (!isRecord(word)) return withoutPowers("docker inspect was not asked about it");
  const why = unknown("docker inspect said something else");
  const { image, created, privileged, added, health } = word;
  const capabilities = added === null ? [] : added;
  const mounts = mountsOf(word["mounts"]);
  return {
    imageId: typeof image === "string" && /^sha256:[0-9a-f]{64}$/.test(image) ? image : why,
    createdAt: timeOf(created) ?? why,
    privileged: typeof privileged === "boolean" ? privileged : why,
    addedCapabilities:
      Array.isArray(capabilities) && capabilities.every((name) => typeof name === "string")
        ? capabilities.map((name) => visible(name, 60))
        : why,
    health: health === "healthy" || health === "unhealthy" || health === "starting" || health === "none" ? health : why,
    mounts,
    reachesEngine: reachesEngine(mounts),
  };
}

/** Nothing is known of its powers. */
export function withoutPowers(why: string): Powers {
  const mark = unknown(why);
  return {
    imageId: mark,
    createdAt: mark,
    privileged: mark,
    addedCapabilities: mark,
    health: mark,
    mounts: [mark],
    reachesEngine: mark,
  };
}

/** Docker gives RFC 3339 with nanoseconds. */
function timeOf(value: Json | undefined): string | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The list ends with null, so that one that was cut shows. */
function mountsOf(list: Json | undefined): Mount[] {
  const why = unknown("the list of mounts was not understood");
  if (!Array.isArray(list) || list.at(-1) !== null) return [why];
  const mounts = list.slice(0, -1).map((entry): Mount => {
    const [source, destination, writable] = Array.isArray(entry) ? entry : [];
    if (typeof source !== "string" || typeof destination !== "string" || typeof writable !== "boolean") return why;
    return { source: visible(source, 300), destination: visible(destination, 300), readOnly: !writable };
  });
  return mounts.length <= mostMounts ? mounts : [...mounts.slice(0, mostMounts), unknown("it has more mounts")];
}

/** A socket takes connections on a read-only mount too. A folder higher up, the root included, brings what lies below. */
function reachesEngine(mounts: readonly Mount[]): Maybe<boolean> {
  const sources = mounts.flatMap((mount) => ("$unknown" in mount ? [] : [mount.source]));
  // What lies in memory has no source.
  const places = sources.filter((source) => source !== "").map(plainPath);
  if (places.some((place) => sockets.some((socket) => `${socket}/`.startsWith(place)))) return true;
  return sources.length < mounts.length ? unknown("not all of its mounts were understood") : false;
}

/** With one slash between names and one at the end. /var/run leads to /run (file-hierarchy(7)). */
function plainPath(path: string): string {
  return `${path}/`.replace(/\/+/g, "/").replace(/^\/var\/run\//, "/run/");
}

const sockets = [
  "/run/docker.sock",
  "/run/containerd/containerd.sock",
  "/run/podman/podman.sock",
  "/run/crio/crio.sock",
];

/** Whether a user of a container, as docker inspect prints it, is root: the name or the number before the colon (docker-run(1)). */
export function isRootUser(user: string): boolean {
  const [name = ""] = user.split(":");
  return name === "" || name === "root" || /^\+?0+$/.test(name);
}
