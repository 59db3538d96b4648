// Builds static/built from assets/: one stylesheet, one script, the font. Nothing of the packages is copied but
// the font files and their licence.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const assets = dirname(fileURLToPath(import.meta.url));
const root = dirname(assets);
const built = join(root, "static", "built");
const font = join(root, "node_modules", "@fontsource", "source-sans-3");

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "fonts"), { recursive: true });

const { css } = sass.compile(join(assets, "app.scss"), {
  style: "compressed",
  sourceMap: false,
  loadPaths: [join(root, "node_modules")],
  importers: [new sass.NodePackageImporter(root)],
  quietDeps: true,
});
writeFileSync(join(built, "app.css"), css);

await esbuild.build({
  entryPoints: [join(assets, "app.js")],
  outfile: join(built, "app.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
});

for (const weight of [400, 700]) {
  const name = `source-sans-3-latin-${weight}-normal.woff2`;
  cpSync(join(font, "files", name), join(built, "fonts", name));
}
cpSync(join(font, "LICENSE"), join(built, "fonts", "LICENSE"));
cpSync(join(assets, "icon.svg"), join(built, "icon.svg"));
