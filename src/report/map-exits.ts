import type { Exit } from "#model/exposure.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";
import { type Box, core, type Drawing, exit, type Line, linkTo, mark, type Part, plainBox } from "./map-layout.ts";
import { exitGroups, exitName, standingMarks } from "./map-names.ts";
import { say } from "./say.ts";

/** One destination, or several of a group that came out alike. */
interface ExitRow {
  readonly head: Text | null;
  readonly title: Text;
  readonly exit: Exit;
  readonly height: number;
}

/** So many destinations of a group that came out alike have a row each. */
const mostAlike = 3;

/** Destinations as rows, by group. */
export function exitRows(exits: readonly Exit[]): readonly ExitRow[] {
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

/** Draws the rows at the right, and the ways to them. */
export function drawExits(
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
