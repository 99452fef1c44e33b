import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";

const require = createRequire(import.meta.url);

// The tests that drive a real browser. They run in plain Node; the browser is the system's Chromium.
export default defineConfig({
  // Sources would get the ESM copy of graphql and packages its CommonJS copy: two realms that refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve("graphql") }] },
  test: {
    include: ["test/browser/**/*.test.ts"],
    environment: "node",
    // One browser and one build at a time are enough for a small machine.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
