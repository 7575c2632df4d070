import { defineConfig } from "vitest/config";

// A path in TEST_RESULTS makes the run leave its figures there as JSON.
const results = process.env["TEST_RESULTS"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/lab/**", "test/bench/**", "node_modules/**"],
    reporters: results === undefined ? ["default"] : ["default", ["json", { outputFile: results }]],
    testTimeout: 30_000,
    // The native add-on of ICMP, where it was built, does not live through the end of a worker thread.
    pool: "forks",
    // Most of the long ones wait for a peer that takes its time.
    maxWorkers: 4,
  },
});
