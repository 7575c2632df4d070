/** Where in a file something is wrong; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What the operator got wrong, with its place and what to do next. Ends the run with exit code 64. */
export class InputError extends Error {
  readonly place: Place | undefined;
  readonly hint: string | undefined;

  constructor(message: string, options: { place?: Place | undefined; hint?: string | undefined } = {}) {
    super(message);
    this.name = "InputError";
    this.place = options.place;
    this.hint = options.hint;
  }
}

/** The target or the credentials cannot be used at all. Ends the run with exit code 3; what was gathered is kept. */
export class UnusableError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined } = {}) {
    super(message);
    this.name = "UnusableError";
    this.hint = options.hint;
  }
}

/** `file:line:column`, as far as known. */
export function formatPlace(place: Place): string {
  const parts: (string | number)[] = [place.file];
  if (place.line !== undefined) parts.push(place.line);
  if (place.line !== undefined && place.column !== undefined) parts.push(place.column);
  return parts.join(":");
}
