/** Exit codes of every command, the same in JSON. */
export const exitCodes = {
  passed: 0,
  blocked: 1,
  undecided: 2,
  unusable: 3,
  usage: 64,
  bug: 70,
  interrupted: 130,
} as const;
