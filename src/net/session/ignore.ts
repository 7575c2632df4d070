/** Listener for errors of streams whose end is told in another way: without any listener they would end the program. */
export function ignore(): void {
  // That it ended is told by whoever reads it.
}
