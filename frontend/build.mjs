// Builds everything that a page may load from /static, and manifest.json: logical name -> file name.
//
//   src/entries/NAME.js  -> NAME.js (and NAME.css when it imports styles); one for each kind of page
//   LICENCE files        -> licences.txt: those of every package that is inside what is built
//   src/images/NAME      -> NAME, as it is
//   ICONS                -> icons.svg, a sprite: <use href="...icons.svg#check-circle">
//   FONT                 -> demo/demo-font.woff2, for the demo's sample site, which is not a page of Scene
//
// Names carry a hash of the content, so that browsers may keep files for ever. The new folder takes the place
// of the old one only when all of it is there: a running server never serves a half-built page.
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const TARGET = join(ROOT, "src/scene/web/static");
const DRAFT = join(ROOT, `.cache/static-${process.pid}`);

// Entries that pages load as classic scripts (they block the first paint); all others are modules.
const CLASSIC = ["theme.js"];
// Names of Bootstrap Icons; those of the verdicts and states are used by templates/macros/status.html.
const ICONS = JSON.parse(await readFile(join(HERE, "src/icons.json"), "utf8"));
const bundled = new Set();
const FONT = join(HERE, "node_modules/@fontsource/bitter");

async function bundle() {
  const entries = (await readdir(join(HERE, "src/entries"))).filter((name) => name.endsWith(".js"));
  const modules = await bundleAs("esm", entries.filter((name) => !CLASSIC.includes(name)));
  return { ...modules, ...(await bundleAs("iife", CLASSIC)) };
}

async function bundleAs(format, entries) {
  const { metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: entries.map((name) => `src/entries/${name}`),
    outdir: DRAFT,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format,
    splitting: format === "esm",
    minify: true,
    metafile: true,
    legalComments: "eof",
    target: ["chrome109", "firefox115", "safari16.4"],
    loader: { ".woff2": "file", ".svg": "file" },
    logLevel: "warning",
  });
  for (const path of Object.keys(metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) bundled.add(found[1]);
  }
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const logical = basename(output.entryPoint, ".js");
    names[`${logical}.js`] = relative(DRAFT, join(HERE, path));
    if (output.cssBundle) names[`${logical}.css`] = relative(DRAFT, join(HERE, output.cssBundle));
  }
  return names;
}

async function licences() {
  const texts = await Promise.all(
    [...bundled, "bootstrap-icons"].sort().map(async (name) => {
      const folder = join(HERE, "node_modules", name);
      const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
      if (!files.length) throw new Error(`${name} has no licence file`);
      const own = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
      return `== ${name} ${version} (${license})\n\n${own.map((text) => text.trim()).join("\n\n")}\n`;
    }),
  );
  return addHashed("licences.txt", texts.join("\n\n"));
}

async function addHashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  await writeFile(join(DRAFT, hashed), content);
  return { [name]: hashed };
}

async function images() {
  const folder = join(HERE, "src/images");
  const added = await Promise.all(
    (await readdir(folder)).sort().map(async (name) => addHashed(name, await readFile(join(folder, name)))),
  );
  return Object.assign({}, ...added);
}

async function sprite() {
  const symbols = await Promise.all(
    ICONS.map(async (name) => {
      const svg = await readFile(join(HERE, `node_modules/bootstrap-icons/icons/${name}.svg`), "utf8");
      const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
      return `<symbol id="${name}" viewBox="0 0 16 16" fill="currentColor">${inner}</symbol>`;
    }),
  );
  const licence = "<!-- Bootstrap Icons, Copyright 2019-2024 The Bootstrap Authors, MIT -->";
  return addHashed("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${licence}${symbols.join("")}</svg>\n`);
}

async function demoFont() {
  await mkdir(join(DRAFT, "demo"));
  await cp(join(FONT, "files/bitter-latin-400-normal.woff2"), join(DRAFT, "demo/demo-font.woff2"));
  await cp(join(FONT, "LICENSE"), join(DRAFT, "demo/demo-font.LICENSE.txt"));
  return { "demo-font.woff2": "demo/demo-font.woff2" };
}

try {
  await mkdir(DRAFT, { recursive: true });
  const names = Object.assign({}, await bundle(), await licences(), await images(), await sprite(), await demoFont());
  const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(DRAFT, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  await rm(TARGET, { recursive: true, force: true });
  await mkdir(dirname(TARGET), { recursive: true });
  await rename(DRAFT, TARGET);
} finally {
  await rm(DRAFT, { recursive: true, force: true });
}
