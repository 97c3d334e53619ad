// Builds `../page`, which the crate embeds: `npm ci && npm run build`. The build is reproducible.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: { console: "src/console.tsx", invitation: "src/invitation.js" },
  outdir: "../page",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "eof",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "info",
});

// The licenses of the packages in the bundle, as they require.
const others = ["preact", "chart.js", "@kurkle/color"].map((name) => {
  const read = (file) =>
    readFileSync(new URL(`node_modules/${name}/${file}`, import.meta.url), "utf8");
  const license = ["LICENSE", "LICENSE.md"].flatMap((file) => {
    try {
      return read(file).trim();
    } catch {
      return [];
    }
  });
  if (license.length === 0) throw new Error(`${name} has no license`);
  return `${name} ${JSON.parse(read("package.json")).version}\n\n${license[0]}\n`;
});
writeFileSync(new URL("../page/LICENSES.txt", import.meta.url), others.join("\n---\n\n"));
