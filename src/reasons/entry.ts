/**
 * A reason in English, as what looked wrote it, and in Japanese. A name in braces stands for what is filled in; the same names
 * stand in both.
 */
export type Entry = readonly [en: string, ja: string];
