import { defineConfig } from "vitest/config";

// Real programs on loopback and in network namespaces: needs root and Linux. One file at a time, so that hosts do not meet.
// A path in TEST_RESULTS makes the run leave its figures there as JSON.
const results = process.env["TEST_RESULTS"];

export default defineConfig({
  test: {
    include: ["test/lab/**/*.test.ts"],
    reporters: results === undefined ? ["default"] : ["default", ["json", { outputFile: results }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: "forks",
  },
});
