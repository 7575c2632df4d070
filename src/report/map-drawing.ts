import type { Approach, Door, Exit, Exposure, Layer, Standing } from "#model/exposure.ts";
import type { Outcome } from "#model/outcome.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";
import { exitGroups, exitName, sideNames, speech, standingMarks } from "./map-names.ts";
import { say } from "./say.ts";

/** A box with its label; lengths in units of the picture. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly style: string;
  readonly mark: Outcome | null;
  /** Right of the mark. */
  readonly title: Text;
  readonly data: string | null;
  readonly under: Text | null;
  readonly underData: string | null;
  readonly href: string | null;
}

/** A path that a connection takes or is kept from taking. */
interface Line {
  readonly d: string;
  readonly standing: Standing;
  readonly arrow: boolean;
  readonly mark: { readonly id: Outcome; readonly x: number; readonly y: number };
  /** Where a lightning mark stands: inside and outside disagree. */
  readonly conflict: { readonly x: number; readonly y: number } | null;
  readonly href: string | null;
}

/** The picture. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** The server's frame and its firewall, behind everything else. */
  readonly ground: readonly Box[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** Lines that say nothing by themselves. */
  readonly rails: readonly string[];
  readonly heads: readonly { readonly x: number; readonly y: number; readonly text: Text }[];
}

const side = { x: 0, width: 148, height: 62, rail: 162, step: 12 };
const frame = { x: 240, right: 800, top: 4, head: 30 };
const band = { x: 252, width: 20 };
const door = { x: 310, width: 246, height: 50, gap: 8 };
const core = { x: 612, width: 172, height: 62 };
const exit = { rail: 818, x: 864, width: 236, height: 28, head: 30 };
const mark = { in: 208, out: 832, size: 16 };
const lane = 18;

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

function plainBox(box: Pick<Box, "x" | "y" | "width" | "height" | "style" | "title"> & Partial<Box>): Box {
  return { mark: null, data: null, under: null, underData: null, href: null, ...box };
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

interface Part {
  readonly boxes: Box[];
  readonly lines: Line[];
  readonly rails: string[];
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

interface ExitRow {
  readonly head: Text | null;
  readonly title: Text;
  readonly exit: Exit;
  readonly height: number;
}

/** So many destinations of a group that came out alike have a row each. */
const mostAlike = 3;

function exitRows(exits: readonly Exit[]): readonly ExitRow[] {
  return [...Map.groupBy(exits, ({ group }) => group)].flatMap(([group, own]) => {
    const alike = [...Map.groupBy(own, ({ state, standing }) => `${state} ${standing}`).values()];
    const rows = alike.flatMap((all) => (all.length > mostAlike ? [all] : all.map((one) => [one])));
    return rows.flatMap(([first, ...others], index) => {
      if (first === undefined) return [];
      const name = exitName(first);
      const title = others.length > 0 ? say("exitMore", { name, count: others.length }) : { en: name, ja: name };
      const head = index === 0 ? say(exitGroups[group]) : null;
      return [{ head, title, exit: first, height: exit.height + (head === null ? 0 : exit.head) }];
    });
  });
}

function drawExits(
  rows: readonly ExitRow[],
  { y: top, from }: { readonly y: number; readonly from: number },
  anchors: Anchors,
): Part & Pick<Drawing, "heads"> {
  const boxes: Box[] = [];
  const lines: Line[] = [];
  const heads: { x: number; y: number; text: Text }[] = [];
  let y = top;
  for (const { head, title, exit: one, height } of rows) {
    if (head !== null) heads.push({ x: exit.x, y: y + 4, text: head });
    const middle = y + height - exit.height / 2;
    const place = { x: exit.x, y: middle - exit.height / 2, width: exit.width, height: exit.height };
    boxes.push(plainBox({ ...place, style: `exit ${one.standing}`, title, href: linkTo(one.findings, anchors) }));
    lines.push({
      d: wayOut(one.state, middle),
      standing: one.standing,
      arrow: one.state === "reached" || one.state === "partly",
      mark: { id: standingMarks[one.standing], x: mark.out, y: middle - mark.size / 2 },
      conflict: null,
      href: linkTo(one.findings, anchors),
    });
    y += height;
  }
  const ends = lines.map(({ mark: end }) => end.y + mark.size / 2);
  const rail = `M${core.x + core.width} ${from}H${exit.rail}M${exit.rail} ${Math.min(from, ...ends)}V${Math.max(from, ...ends)}`;
  return { boxes, lines, heads, rails: rows.length > 0 ? [rail] : [] };
}

function wayOut(state: Exit["state"], y: number): string {
  if (state === "reached" || state === "partly") return `M${exit.rail} ${y}H${exit.x - 5}`;
  const end = mark.out + mark.size + 6;
  return state === "blocked" ? `M${exit.rail} ${y}H${end}M${end} ${y - 7}V${y + 7}` : `M${exit.rail} ${y}H${end - 6}`;
}

function linkTo(rules: readonly string[], anchors: Anchors): string | null {
  for (const rule of rules) {
    const anchor = anchors.rule(rule);
    if (anchor !== null) return anchor;
  }
  return null;
}
