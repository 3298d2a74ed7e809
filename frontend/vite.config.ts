import { defineConfig } from "vite";

// Two entries: what a resident's phone loads, and what a desk loads. The map is a chunk of its own
// that is fetched when somebody asks for it.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../lingka/core/static/core/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2021",
    modulePreload: false,
    rolldownOptions: { input: ["src/resident.ts", "src/desk.ts"] },
  },
  worker: { format: "es" },
});
