import { InputError } from "#model/input-error.ts";

/** Every TCP port, 1 to 65535. */
export function allPorts(): readonly number[] {
  return Array.from({ length: 65535 }, (_, index) => index + 1);
}

/** Reads `22,443,8000-8100`; ascending, each once. Throws InputError. */
export function parsePorts(text: string): readonly number[] {
  const ports = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first < 1 || last > 65535 || first > last) {
      throw new InputError(`--ports "${text}": "${part.trim()}" is not a port or a range of ports.`, {
        hint: "Write for instance 22,443,8000-8100; ports go from 1 to 65535.",
      });
    }
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}
