import type { Door, Exit, Exposure } from "#model/exposure.ts";
import type { Outcome } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";
import { drawMap } from "./map-drawing.ts";
import type { Drawing } from "./map-layout.ts";
import { exitGroups, exitName, sideNames, speech, standingMarks } from "./map-names.ts";
import { say } from "./say.ts";

/** One port or destination in the table beside the map. */
interface MapRow {
  readonly name: string;
  readonly mark: Outcome;
  readonly cells: readonly MapCell[];
  readonly links: readonly Link[];
}

interface MapCell {
  /** Head of its column, for a page too narrow for columns. */
  readonly head: Text;
  readonly mark: Outcome | null;
  readonly text: Text;
  readonly data: string | null;
  readonly note: Text | null;
}

/** A finding by the id of its rule. */
interface Link {
  readonly rule: string;
  readonly anchor: string;
}

/** The exposure map: the picture, and the tables that say the same. */
export interface MapView {
  readonly drawing: Drawing;
  readonly sides: readonly { readonly name: Text; readonly note: Text; readonly vantages: readonly string[] }[];
  readonly doors: readonly MapRow[];
  readonly rest: readonly {
    readonly head: Text;
    readonly mark: Outcome;
    readonly text: Text;
    readonly why: Text | null;
  }[];
  readonly more: Text | null;
  readonly exits: readonly MapRow[];
}

/** Lays out the exposure map of a report; null where the report has none. */
export function mapView(report: Report, anchors: Anchors): MapView | null {
  const { exposure } = report;
  if (exposure === undefined) return null;
  return {
    drawing: drawMap(exposure, anchors),
    sides: exposure.sides.map((side) => ({ ...sideNames(side), vantages: side.vantages })),
    doors: exposure.doors.map((door) => doorRow(door, exposure.sides, anchors)),
    rest: exposure.sides.map(({ rest, why }, index) => ({
      head: headOf(exposure.sides, index),
      mark: rest === "closed" ? "pass" : "unknown",
      text: say(rest === "closed" ? "stateClosed" : "stateUnknown"),
      why: why ?? null,
    })),
    more: exposure.moreDoors > 0 ? say("mapMore", { count: exposure.moreDoors }) : null,
    exits: exposure.exits.map((exit) => exitRow(exit, anchors)),
  };
}

const states = { open: "stateOpen", closed: "stateClosed", unknown: "stateUnknown" } as const;
const listeners = {
  everywhere: "listenEverywhere",
  loopback: "listenLoopback",
  none: "listenNone",
  unknown: "listenUnknown",
} as const;
const filters = {
  everyone: "filterEveryone",
  some: "filterSome",
  nobody: "filterNobody",
  off: "filterOff",
  unknown: "filterUnknown",
} as const;
const exitStates = {
  reached: "exitReached",
  blocked: "exitBlocked",
  partly: "exitPartly",
  unknown: "exitUnknown",
} as const;
const noText: Text = { en: "", ja: "" };

function headOf(sides: Exposure["sides"], index: number): Text {
  const side = sides[index];
  return side === undefined ? noText : sideNames(side).name;
}

function doorRow(door: Door, sides: Exposure["sides"], anchors: Anchors): MapRow {
  const approaches = door.approaches.map(
    ({ state, standing, conflict }, index): MapCell => ({
      head: headOf(sides, index),
      mark: standingMarks[standing],
      text: say(states[state]),
      data: null,
      note: conflict === undefined ? null : say(conflict === "unheard" ? "conflictUnheard" : "conflictFiltered"),
    }),
  );
  const listening = door.findings.length > 0 ? "fail" : null;
  return {
    name: `${door.port}/${door.protocol}`,
    mark: standingMarks[door.standing],
    cells: [
      {
        head: say("mapAnswers"),
        mark: null,
        text: noText,
        data: speech(door) === "" ? null : speech(door),
        note: null,
      },
      ...approaches,
      {
        head: say("mapInside"),
        mark: listening,
        text: say(listeners[door.listener]),
        data: door.holder ?? null,
        note: null,
      },
      { head: say("mapFilter"), mark: null, text: say(filters[door.filter]), data: null, note: null },
    ],
    links: linksTo(telling(door), anchors),
  };
}

/** Rules that fail or are not decided; where there are none, the first of those that hold. */
function telling({ findings, approaches }: Door): readonly string[] {
  const open = approaches.filter(({ standing }) => standing !== "required");
  const rules = [...findings, ...open.flatMap((each) => each.findings)];
  return rules.length > 0 ? rules : [...new Set(approaches.flatMap((each) => each.findings))].slice(0, 3);
}

function exitRow(exit: Exit, anchors: Anchors): MapRow {
  return {
    name: exitName(exit),
    mark: standingMarks[exit.standing],
    cells: [
      { head: say("exitGroup"), mark: null, text: say(exitGroups[exit.group]), data: null, note: null },
      {
        head: say("mapSeen"),
        mark: standingMarks[exit.standing],
        text: say(exitStates[exit.state]),
        data: null,
        note: null,
      },
    ],
    links: linksTo(exit.findings, anchors),
  };
}

function linksTo(rules: readonly string[], anchors: Anchors): readonly Link[] {
  return [...new Set(rules)].flatMap((rule) => {
    const anchor = anchors.rule(rule);
    return anchor === null ? [] : [{ rule, anchor }];
  });
}
