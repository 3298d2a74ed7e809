import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";

const FIELD = resolve(import.meta.dirname, "../lingka/field/static/field/dist");
const FIELD_URL = "/static/field/dist/";

// Two entries: what a resident's phone loads, and what a desk loads. The map is a chunk of its own
// that is fetched when somebody asks for it.
const pages: UserConfig = {
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
};

// The field app: a page of its own, which the phone keeps.
const field: UserConfig = {
  root: "src/field",
  base: FIELD_URL,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), shell()],
  build: {
    outDir: FIELD,
    emptyOutDir: true,
    target: "es2021",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
};

/** After the app: its service worker, which must know every file of it, and what installs it. */
function shell(): Plugin {
  let files: string[] = [];
  let apart: string[] = []; // what is loaded when it is asked for
  return {
    name: "field-shell",
    apply: "build",
    writeBundle(_options, bundle) {
      files = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      apart = Object.values(bundle).flatMap((one) => (one.type === "chunk" && one.isDynamicEntry ? [one.fileName] : []));
    },
    async closeBundle() {
      if (!existsSync(join(FIELD, "index.html"))) return;
      const page = readFileSync(join(FIELD, "index.html"));
      const later = files.filter((name) => name.endsWith(".woff2") || apart.includes(name));
      const shelled = files.filter((name) => !later.includes(name));
      const manifest = JSON.stringify(MANIFEST, null, 2);
      writeFileSync(join(FIELD, "manifest.webmanifest"), manifest);
      await build({
        configFile: false,
        logLevel: "warn",
        define: {
          __SHELL__: JSON.stringify([
            { url: "/field/", revision: createHash("sha256").update(page).digest("hex").slice(0, 16) },
            // The names of built files change with what is in them.
            ...shelled.map((name) => ({ url: FIELD_URL + name, revision: null })),
          ]),
          __LATER__: JSON.stringify(later.map((name) => FIELD_URL + name)),
          "process.env.NODE_ENV": JSON.stringify("production"),
        },
        build: {
          outDir: FIELD,
          emptyOutDir: false,
          target: "es2021",
          rolldownOptions: {
            input: resolve(import.meta.dirname, "src/field/sw.ts"),
            output: { format: "iife", entryFileNames: "sw.js" },
          },
        },
      });
    },
  };
}

const MANIFEST = {
  name: "林卡 · 网格员",
  short_name: "林卡",
  id: "/field/",
  start_url: "/field/",
  scope: "/field/",
  display: "standalone",
  orientation: "portrait",
  lang: "zh-Hans",
  background_color: "#f6f3ed",
  theme_color: "#8e3a26",
  icons: [{ src: "/static/core/mark.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
};

export default defineConfig(({ mode }) => (mode === "field" ? field : pages));
