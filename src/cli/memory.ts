import { setFlagsFromString } from "node:v8";

/**
 * Keeps the heap small at some cost of speed: a port scan makes much garbage fast, and by default the heap grows to twice what is needed
 * before any of it is collected.
 */
export function preferSmallHeap(): void {
  setFlagsFromString("--optimize-for-size");
  setFlagsFromString("--max-semi-space-size=2");
}
