import { defineConfig } from "vitest/config";

// Real programs on loopback and in network namespaces: needs root and Linux. One file at a time, so that hosts do not meet.
// A path in TEST_RESULTS makes the run leave its figures there as JSON.
const results = process.env["TEST_RESULTS"];

// What needs Docker's image, which takes minutes to build, belongs to the run of everything.
const exclude = process.env["LAB_ALL"] === undefined ? ["test/lab/hosts/docker-store.test.ts"] : [];

export default defineConfig({
  test: {
    include: ["test/lab/**/*.test.ts"],
    exclude,
    reporters: results === undefined ? ["default"] : ["default", ["json", { outputFile: results }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: "forks",
  },
});
