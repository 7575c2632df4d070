import { echoBySystem } from "#net/ping.ts";
import type { PreflightCheck } from "./preflight.ts";

/**
 * Whether ICMP can be sent from here: by the add-on, which is optional and needs CAP_NET_RAW (capabilities(7)), or else by the system's
 * ping(8).
 */
export async function checkRawPackets(): Promise<PreflightCheck> {
  const own = await checkAddOn();
  if (own.outcome === "yes") return own;
  const bySystem = await echoBySystem("127.0.0.1", "ipv4", { timeoutMs: 1_000, signal: AbortSignal.timeout(5_000) });
  if (bySystem !== true) return own;
  return { id: own.id, outcome: "yes", detail: "ICMP is sent by the system's ping.", unknownRequirements: [] };
}

async function checkAddOn(): Promise<PreflightCheck> {
  const check = { id: "raw-packets", unknownRequirements: [] } as const;
  // Named by a variable: the package is optional, and has no types.
  const addOn: string = "raw-socket";
  const module: unknown = await import(addOn).catch(() => undefined);
  const create = createSocketOf(module);
  if (create === undefined) {
    return {
      ...check,
      outcome: "no",
      detail:
        "The add-on that sends ICMP is not built, and there is no ping that could; a server that answers no port stays undecided.",
      remedy: "npm run build:icmp, or apt-get install iputils-ping",
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
      detail: `This user may not send ICMP (${why}), and there is no ping that could; a server that answers no port stays undecided.`,
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
