import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/lab/**", "test/bench/**", "node_modules/**"],
    testTimeout: 30_000,
    pool: "threads",
  },
});
