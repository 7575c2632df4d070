import type { Approach, Door, Exposure, Layer } from "#model/exposure.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";
import { drawExits, exitRows } from "./map-exits.ts";
import {
  type Box,
  band,
  core,
  type Drawing,
  door,
  exit,
  frame,
  type Line,
  lane,
  linkTo,
  mark,
  type Part,
  plainBox,
  side,
} from "./map-layout.ts";
import { sideNames, speech, standingMarks } from "./map-names.ts";
import { say } from "./say.ts";

/** Draws the map: sides at the left, ports and OpenClaw in the middle, destinations at the right. */
export function drawMap(exposure: Exposure, anchors: Anchors): Drawing {
  const rows = [...exposure.doors.map((one) => ({ door: one })), { door: undefined }];
  const rowHeight = Math.max(door.height, exposure.sides.length * lane + 10);
  const doorsHeight = rows.length * (rowHeight + door.gap);
  const exits = exitRows(exposure.exits);
  const exitsHeight = exits.reduce((sum, { height }) => sum + height, 0);
  const start = frame.top + frame.head;
  const height = start + Math.max(doorsHeight, exitsHeight, core.height * 2 + 80) + 16;
  const top = (block: number) => start + (height - start - 16 - block) / 2;
  const places: Places = {
    rows: rows.map((row, index) => ({
      ...row,
      y: top(doorsHeight) + index * (rowHeight + door.gap),
      height: rowHeight,
    })),
    sides: sidePlaces(exposure, height),
    coreY: top(core.height * 2 + 40),
  };
  const inner = drawInside(exposure, places, anchors);
  const outward = drawExits(exits, { y: top(exitsHeight), from: places.coreY + core.height * 1.5 + 40 }, anchors);
  return {
    width: exits.length > 0 ? exit.x + exit.width : frame.right + 2,
    height,
    ground: [frameBox(height), bandBox(exposure, height, anchors)],
    boxes: [...sideBoxes(exposure, places), ...inner.boxes, ...outward.boxes],
    lines: [...approachLines(exposure, places, anchors), ...inner.lines, ...outward.lines],
    rails: [...sideRails(places), ...inner.rails, ...outward.rails],
    heads: outward.heads,
  };
}

interface Places {
  readonly rows: readonly { readonly door: Door | undefined; readonly y: number; readonly height: number }[];
  readonly sides: readonly { readonly y: number; readonly rail: number }[];
  readonly coreY: number;
}

function frameBox(height: number): Box {
  const { x, right, top } = frame;
  const title = say("mapServer");
  return plainBox({ x, y: top, width: right - x, height: height - top - 4, style: "frame", title });
}

function bandBox({ layers }: Exposure, height: number, anchors: Anchors): Box {
  const layer = layers.find(({ id }) => id === "firewall");
  return plainBox({
    x: band.x,
    y: frame.top + 10,
    width: band.width,
    height: height - frame.top - 24,
    style: `band ${layer?.standing ?? "unproven"}`,
    mark: standingMarks[layer?.standing ?? "unproven"],
    title: say("layerFirewall"),
    data: layer?.name ?? null,
    under: layer === undefined ? null : layerState(layer),
    href: linkTo(layer?.findings ?? [], anchors),
  });
}

function layerState({ state }: Layer): Text {
  if (state === "on") return say("layerOn");
  return say(state === "off" ? "layerOff" : "layerUnknown");
}

function sidePlaces({ sides }: Exposure, height: number): Places["sides"] {
  const room = (height - frame.top) / sides.length;
  return sides.map((_, index) => ({
    y: frame.top + room * index + (room - side.height) / 2,
    rail: side.rail + side.step * index,
  }));
}

function sideBoxes({ sides }: Exposure, places: Places): Box[] {
  return sides.map((one, index) => {
    const { name, note } = sideNames(one);
    return plainBox({
      x: side.x,
      y: places.sides[index]?.y ?? 0,
      width: side.width,
      height: side.height,
      style: one.vantages.length === 0 ? "side unlooked" : "side",
      title: name,
      under: note,
    });
  });
}

/** From each side's box to its rail, and along it past all rows. */
function sideRails({ rows, sides }: Places): string[] {
  return sides.map(({ y, rail }, index) => {
    const middle = y + side.height / 2;
    const ends = rows.map((row) => laneOf(row, index, sides.length));
    return `M${side.x + side.width} ${middle}H${rail}M${rail} ${Math.min(middle, ...ends)}V${Math.max(middle, ...ends)}`;
  });
}

function laneOf({ y, height }: Places["rows"][number], index: number, count: number): number {
  return y + height / 2 + (index - (count - 1) / 2) * lane;
}

function approachLines({ sides }: Exposure, places: Places, anchors: Anchors): Line[] {
  return places.rows.flatMap((row) =>
    sides.map((one, index): Line => {
      const from = places.sides[index]?.rail ?? side.rail;
      const y = laneOf(row, index, sides.length);
      const approach = row.door?.approaches[index] ?? restOf(one);
      return {
        d: wayIn({ state: approach.state, from, y }),
        standing: approach.standing,
        arrow: approach.state === "open",
        mark: { id: standingMarks[approach.standing], x: mark.in, y: y - mark.size / 2 },
        conflict: approach.conflict === undefined ? null : { x: band.x + band.width + 4, y: y - 8 },
        href: linkTo(approach.findings, anchors),
      };
    }),
  );
}

/** What is known from a side of the ports that are not drawn one by one. */
function restOf({ role, rest }: Exposure["sides"][number]): Approach {
  return { role, state: rest, standing: rest === "closed" ? "required" : "unproven", findings: [] };
}

/** An open way ends at its door, a closed one at a bar before the server, one that is not known before it. */
function wayIn({
  state,
  from,
  y,
}: {
  readonly state: Approach["state"];
  readonly from: number;
  readonly y: number;
}): string {
  const end = frame.x - 6;
  if (state === "open") return `M${from} ${y}H${door.x - 5}`;
  return state === "closed" ? `M${from} ${y}H${end}M${end} ${y - 7}V${y + 7}` : `M${from} ${y}H${end - 4}`;
}

function drawInside(exposure: Exposure, places: Places, anchors: Anchors): Part {
  const nginx = exposure.layers.find(({ id }) => id === "nginx");
  const openclaw = exposure.layers.find(({ id }) => id === "openclaw");
  const lowerY = places.coreY + core.height + 40;
  const upper = nginx?.state === "on" ? [coreBox(nginx, places.coreY, anchors)] : [];
  const lower = openclaw === undefined ? [] : [coreBox(openclaw, lowerY, anchors)];
  const doors = places.rows.map((row) => doorBox(row, anchors));
  const middle = core.x + core.width / 2;
  const between = upper.length > 0 && exposure.doors.some((one) => one.leads && one.holder === "nginx");
  const rails = places.rows.flatMap(({ door: one, y, height }) => {
    if (one?.leads !== true) return [];
    const target = (one.holder === "nginx" && upper.length > 0 ? places.coreY : lowerY) + core.height / 2;
    return [`M${door.x + door.width} ${y + height / 2}H${core.x - 28}V${target}H${core.x}`];
  });
  return {
    boxes: [...doors, ...upper, ...lower],
    lines: [],
    rails: [...rails, ...(between ? [`M${middle} ${places.coreY + core.height}V${lowerY}`] : [])],
  };
}

function coreBox(layer: Layer, y: number, anchors: Anchors): Box {
  const { id, container, name } = layer;
  return plainBox({
    ...core,
    y,
    style: `core ${layer.standing}${container === true ? " container" : ""}`,
    mark: standingMarks[layer.standing],
    title: id === "nginx" ? { en: "nginx", ja: "nginx" } : { en: "OpenClaw", ja: "OpenClaw" },
    under: container === true && name !== undefined ? say("layerContainer", { name }) : layerState(layer),
    href: linkTo(layer.findings, anchors),
  });
}

function doorBox({ door: one, y, height }: Places["rows"][number], anchors: Anchors): Box {
  const place = { x: door.x, y: y + (height - door.height) / 2, width: door.width, height: door.height };
  if (one === undefined) return plainBox({ ...place, style: "door rest", title: say("mapOthers") });
  const port = `${one.port}/${one.protocol}`;
  const failing = one.findings.length > 0;
  return plainBox({
    ...place,
    style: `door ${one.standing}`,
    mark: failing ? "fail" : null,
    title: { en: port, ja: port },
    data: one.holder ?? null,
    underData: speech(one) === "" ? null : speech(one),
    under: speech(one) === "" && one.listener === "none" ? say("listenNone") : null,
    href: linkTo([...one.findings, ...one.approaches.flatMap(({ findings }) => findings)], anchors),
  });
}
