import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;
const pages = resolve(here, "src/pages");

/** The icons named in icons.txt as one sprite, `dist/icons.svg`. */
function iconSprite(): Plugin {
  return {
    name: "icon-sprite",
    generateBundle() {
      const names = readFileSync(resolve(here, "icons.txt"), "utf-8").split(/\s+/).filter(Boolean);
      const symbols = names.map((name) => {
        const file = resolve(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
        const body = readFileSync(file, "utf-8").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
        return (
          `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
          `stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${body.trim()}</symbol>`
        );
      });
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
      });
    },
  };
}

export default defineConfig({
  root: here,
  base: "/static/dist/",
  plugins: [iconSprite()],
  build: {
    outDir: resolve(here, "../src/minplan/web/static/dist"),
    // KEEP_BUILT leaves the files of earlier builds for servers that still run with them.
    emptyOutDir: !process.env.KEEP_BUILT,
    manifest: true,
    target: "chrome90",
    // The scripts of government browsers lack modulepreload; nothing else would use it.
    modulePreload: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: readdirSync(pages)
        .filter((name) => name.endsWith(".ts"))
        .map((name) => resolve(pages, name)),
    },
  },
});
