import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";
import icons from "../lingka/core/icons.json" with { type: "json" };
import { bo } from "./src/field/words/bo.ts";
import { en } from "./src/field/words/en.ts";
import { zh } from "./src/field/words/zh.ts";

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

// What several screens share comes in few pieces: over a weak network each costs a way there and back.
const TOGETHER = [
  { name: "net", test: /field\/(exchange|sync|server|sounds|storage)\.ts|tus-js-client|url-parse|querystringify|requires-port|js-base64/ },
  { name: "parts", test: /field\/(parts\/(ActForm|Head|OwnSaid|Photo|Picture|Shoot|Shot|Rescue|Voice)\.svelte|(rescue|photo)\.ts)|core\/pictures|fflate/ },
];

// The field app: a page of its own, which the phone keeps.
const field: UserConfig = {
  root: "src/field",
  base: FIELD_URL,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), frame(), shell()],
  build: {
    outDir: FIELD,
    emptyOutDir: true,
    target: "es2021",
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: TOGETHER, includeDependenciesRecursively: false } } },
  },
};

const TONGUES: [string, Record<string, string>][] = [["zh-hans", zh], ["bo", bo], ["en", en]];

function filled(_: string, name: string): string {
  const drawn = (icons as Record<string, string>)[name.replace("icon ", "")];
  if (name.startsWith("icon ")) return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawn}</svg>`;
  return TONGUES.map(([code, words]) => `<span data-in="${code}">${words[name]}</span>`).join("");
}

// What today's screen needs; the way in asks for all of it at once, after the frame (main.ts).
const AT_ONCE = ["words.svelte", "model.svelte", "show", "Today"];

/** The page that is seen before any script has come: with its words, and with its styles in itself. */
function frame(): Plugin[] {
  return [{
    name: "field-styles",
    apply: "build",
    enforce: "pre",
    generateBundle: {
      order: "pre",
      handler(_options, bundle) {
        // They stand in the page: no piece has to wait for them.
        for (const one of Object.values(bundle)) if (one.type === "chunk") one.viteMetadata?.importedCss.clear();
      },
    },
  }, {
    name: "field-frame",
    apply: "build",
    transformIndexHtml: (page) => page.replace(/\{\{([\w -]+)\}\}/g, filled),
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const chunks = Object.values(bundle).flatMap((one) => (one.type === "chunk" ? [one] : []));
        const first = new Set<string>();
        const add = (name: string): void => {
          const found = chunks.find((one) => one.fileName === name);
          if (!found || first.has(name)) return;
          first.add(name);
          found.imports.forEach(add);
        };
        chunks.filter((one) => AT_ONCE.includes(one.name)).forEach((one) => add(one.fileName));
        const page = bundle["index.html"] as { source: string };
        const styles = Object.values(bundle).filter((one) => one.fileName.endsWith(".css")) as { fileName: string; source: string }[];
        const ahead = [...first].map((name) => `<link rel="ahead" href="${FIELD_URL}${name}">`);
        page.source = page.source
          .replace(/\s*<link rel="(stylesheet|modulepreload)"[^>]*>/g, "")
          .replace("</head>", () => `${ahead.join("\n")}\n<style>${styles.map((one) => one.source).join("")}</style>\n</head>`)
          .replace('<script type="module" crossorigin', '<script type="module" fetchpriority="low"');
        for (const one of styles) delete bundle[one.fileName];
      },
    },
  }];
}

/** After the app: its service worker, which must know every file of it, and what installs it. */
function shell(): Plugin {
  let files: string[] = [];
  let apart: string[] = []; // what is loaded when it is asked for
  return {
    name: "field-shell",
    apply: "build",
    writeBundle(_options, bundle) {
      files = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      apart = Object.values(bundle).flatMap((one) => (one.type === "chunk" && one.name === "qr" ? [one.fileName] : []));
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
