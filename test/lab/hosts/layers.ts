import { build } from "./layer-build.ts";
import { profileId, provision } from "./layer-profile.ts";
import { type Step, stack } from "./layer-recipe.ts";
import { layerOf } from "./layer-store.ts";
import type { Profile } from "./profile.ts";

/**
 * Builds what is missing of a layer and its parents.
 * @returns their folders, top first, as the lower ones of an overlay.
 */
export async function layers(name: string): Promise<readonly string[]> {
  return await layersOf(stack([name]));
}

/**
 * Builds what is missing of a profile's layers, of the profiles it extends, and of its own.
 * @returns their folders, top first. They change with whatever goes into them, and are never written to again.
 * @throws LabError with what a failing provision.sh wrote.
 */
export async function profileLayers(profile: Profile): Promise<readonly string[]> {
  const steps = stack(profile.layers.length === 0 ? ["base"] : profile.layers);
  let lowers = await layersOf(steps);
  let below = steps.at(-1)?.key ?? "";
  for (const each of ancestry(profile)) {
    const id = await profileId(each, below);
    const under = lowers;
    lowers = [await layerOf(id, (draft) => provision(each, under, draft)), ...under];
    below = id.key;
  }
  return lowers;
}

/** The profile and those it extends, the lowest first. */
function ancestry(profile: Profile): readonly Profile[] {
  return profile.parent === undefined ? [profile] : [...ancestry(profile.parent), profile];
}

async function layersOf(steps: readonly Step[]): Promise<readonly string[]> {
  let lowers: readonly string[] = [];
  for (const { recipe, key } of steps) {
    const below = lowers;
    const root = await layerOf({ name: recipe.name, key }, (draft) => build(recipe, below, draft));
    lowers = [root, ...below];
  }
  return lowers;
}
