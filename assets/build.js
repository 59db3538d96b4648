// Builds static/built/: app.css, app.js, the fonts and the icon. Everything comes from package-lock.json and this folder.
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const built = path.join(root, "static", "built");
const modules = path.join(root, "node_modules");
const fontFiles = path.join(modules, "@fontsource", "atkinson-hyperlegible-next", "files");

// "latin-ext" holds the letters of Polish, Czech, Slovak or Romanian names; a browser fetches it only when it meets one.
const fonts = {
  "regular.woff2": "latin-400-normal",
  "bold.woff2": "latin-700-normal",
  "regular-ext.woff2": "latin-ext-400-normal",
  "bold-ext.woff2": "latin-ext-700-normal",
};

const styles = compile(path.join(here, "scss", "app.scss"), {
  style: "compressed",
  loadPaths: [modules, root],
  quietDeps: true,
});
const script = await build({
  entryPoints: [path.join(here, "js", "app.js")],
  write: false,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  nodePaths: [modules],
});

// Only now that both are made is the old build removed.
await rm(built, { recursive: true, force: true });
await mkdir(path.join(built, "fonts"), { recursive: true });
await writeFile(path.join(built, "app.css"), styles.css);
await writeFile(path.join(built, "app.js"), script.outputFiles[0].contents);
for (const [name, source] of Object.entries(fonts)) {
  await copyFile(
    path.join(fontFiles, `atkinson-hyperlegible-next-${source}.woff2`),
    path.join(built, "fonts", name),
  );
}
await copyFile(path.join(fontFiles, "..", "LICENSE"), path.join(built, "fonts", "LICENSE"));
// The stylesheet of copies on paper: used by the PDF renderer as it stands, and by the page that can be printed.
await copyFile(path.join(here, "css", "copy.css"), path.join(built, "copy.css"));
await copyFile(path.join(here, "icon.svg"), path.join(built, "icon.svg"));
