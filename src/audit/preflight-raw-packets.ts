import type { PreflightCheck } from "./preflight.ts";

/** Whether ICMP can be sent from here: the add-on is optional, and sockets of its kind are root's (CAP_NET_RAW, capabilities(7)). */
export async function checkRawPackets(): Promise<PreflightCheck> {
  const check = { id: "raw-packets", unknownRequirements: [] } as const;
  // Named by a variable: the package is optional, and has no types.
  const addOn: string = "raw-socket";
  const module: unknown = await import(addOn).catch(() => undefined);
  const create = createSocketOf(module);
  if (create === undefined) {
    return {
      ...check,
      outcome: "no",
      detail: "The add-on that sends ICMP is not built; all else works without it.",
      remedy: "npm run build:icmp",
    };
  }
  try {
    create({ protocol: 1 }).close();
    return { ...check, outcome: "yes", detail: "ICMP can be sent from this machine." };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ...check,
      outcome: "no",
      detail: `This user may not send ICMP (${why}); all else works without it.`,
      remedy: "Run as root, or with CAP_NET_RAW.",
    };
  }
}

type CreateSocket = (options: { readonly protocol: number }) => { close(): void };

function createSocketOf(module: unknown): CreateSocket | undefined {
  if (typeof module !== "object" || module === null) return undefined;
  const holder = "default" in module ? module.default : module;
  if (typeof holder !== "object" || holder === null || !("createSocket" in holder)) return undefined;
  const { createSocket } = holder;
  // A native add-on without types: this is the one signature it is called with.
  return typeof createSocket === "function" ? (createSocket as CreateSocket) : undefined;
}
