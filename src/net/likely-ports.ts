/** Ports a server of this kind is most likely to answer on; they go first and teach the round trip. */
export const likelyPorts = [
  22, 443, 80, 18789, 18790, 18791, 8443, 8080, 3000, 2222, 25, 53, 3306, 5432, 6379, 2375, 1, 65535,
];
