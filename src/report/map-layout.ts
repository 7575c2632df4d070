import type { Standing } from "#model/exposure.ts";
import type { Outcome } from "#model/outcome.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";

/** A box with its label; lengths in units of the picture. */
export interface Box {
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
export interface Line {
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

/** What a part of the picture adds to it. */
export interface Part {
  readonly boxes: Box[];
  readonly lines: Line[];
  readonly rails: string[];
}

/** Places and sizes of the picture's parts. */
export const side = { x: 0, width: 148, height: 62, rail: 162, step: 12 };
export const frame = { x: 240, right: 800, top: 4, head: 30 };
export const band = { x: 252, width: 20 };
export const door = { x: 310, width: 246, height: 50, gap: 8 };
export const core = { x: 612, width: 172, height: 62 };
export const exit = { rail: 818, x: 864, width: 236, height: 28, head: 30 };
export const mark = { in: 208, out: 832, size: 16 };
export const lane = 18;

/** A box with nothing but what is given. */
export function plainBox(box: Pick<Box, "x" | "y" | "width" | "height" | "style" | "title"> & Partial<Box>): Box {
  return { mark: null, data: null, under: null, underData: null, href: null, ...box };
}

/** Anchor of the first of some rules that has one. */
export function linkTo(rules: readonly string[], anchors: Anchors): string | null {
  for (const rule of rules) {
    const anchor = anchors.rule(rule);
    if (anchor !== null) return anchor;
  }
  return null;
}
