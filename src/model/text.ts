import Type, { type Static } from "typebox";

/** One statement in both languages of the product; neither is a translation of the other word by word. */
export const Text = Type.Object({ en: Type.String(), ja: Type.String() }, { additionalProperties: false });
export type Text = Readonly<Static<typeof Text>>;

/** A language of the report and of the terminal. */
export type Locale = keyof Text;
