import { hintFor } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import type { Options } from "./options.ts";

interface Choosable {
  readonly id: string;
  readonly profile: string;
  readonly ci?: boolean;
}

/**
 * Of faults or ways, those that are to be run, in their own order: the named ones, else all of the profile or all at all where that was
 * asked for, else those in the spread that stands for all.
 * @throws InputError for an id that there is not.
 */
export function choose<T extends Choosable>(
  list: readonly T[],
  ids: readonly string[],
  { all, profile }: Pick<Options, "all" | "profile">,
): readonly T[] {
  const known = list.map(({ id }) => id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    throw new InputError(`nothing is called "${stranger}"`, { hint: hintFor(stranger, known) });
  }
  return list.filter((item) => {
    if (ids.length > 0) return ids.includes(item.id);
    if (profile !== undefined) return item.profile === profile;
    return all || item.ci === true;
  });
}
