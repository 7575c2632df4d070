/** A step of gathering, as progress is told of it. */
export type Step = "resolution" | "icmp" | "tcp" | "udp" | "ssh" | "tls" | "http" | "login" | "host";

/** One sign of life while gathering: a step began, moved on or ended at one vantage. */
export interface Progress {
  readonly step: Step;
  readonly state: "start" | "update" | "end";
  readonly vantage: string;
  /** What the step is about, such as an address; nothing of the target's own words. */
  readonly subject?: string;
  /** How far, in the step's own unit (ports, servers). */
  readonly done?: number;
  readonly total?: number;
}

/** What every collector is handed: when to stop, the scanner's clock, and whom to tell. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly progress: (event: Progress) => void;
}
