/** Requirements of the guide that the host script decides alone or in part: without a session they stay unknown. */
export const hostRequirements: readonly string[] = [
  ...["APP-2", "PAT-2", "PAT-3", "PAT-4"],
  ...["NET-1", "NET-2", "NET-3", "NET-4", "NET-5", "NET-7", "NET-8", "NET-9", "NET-10", "NET-11"],
  ...["LOG-1", "LOG-2", "LOG-3", "LOG-4", "LOG-5"],
  ...["BKP-1", "BKP-2", "BKP-3", "BKP-4", "BKP-7"],
  ...["OPS-1", "OPS-3", "OPS-4", "OPS-5", "OPS-6", "OPS-7", "OPS-8", "OPS-9"],
  ...["SIZ-1", "SIZ-2", "DAT-1"],
  ...["EXT-1", "EXT-2", "EXT-3", "EXT-4", "EXT-5", "EXT-6", "EXT-7", "EXT-8"],
];

/** Requirements that the view over the network decides alone or in part. */
export const networkRequirements: readonly string[] = [
  ...["NET-1", "NET-2", "NET-3", "NET-4", "NET-6", "NET-7", "NET-8", "NET-9", "NET-12", "OPS-2", "OPS-3"],
  "EXT-6",
];

/**
 * Requirements that need files and tables only root can read: packet filters, sshd's effective settings, other users' processes,
 * containers, logs and backups.
 */
export const privilegedRequirements: readonly string[] = [
  ...["NET-3", "NET-4", "NET-5", "NET-7", "NET-8", "NET-9", "NET-11"],
  ...["LOG-1", "LOG-2", "LOG-3", "BKP-1", "BKP-2", "BKP-3", "OPS-4", "OPS-5", "OPS-9"],
  ...["EXT-1", "EXT-2", "EXT-4", "EXT-7"],
];
