// Builds `functions/console/page`, which the functions embed: `npm ci && npm run build`. The build
// is reproducible.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { onPreact } from "../react/bundle.mjs";

const page = new URL("../../../functions/console/page/", import.meta.url);

for (const file of readdirSync(page)) if (/\.(js|css)$/.test(file)) rmSync(new URL(file, page));

const { metafile } = await build({
  ...onPreact,
  entryPoints: { console: "src/console/main.tsx", invitation: "src/invitation/main.tsx" },
  outdir: "../../../functions/console/page",
  splitting: true,
  entryNames: "[name].[hash]",
  chunkNames: "[name].[hash]",
  metafile: true,
  legalComments: "none",
  logLevel: "info",
});

// The licenses of the packages in the bundles, as they require.
const packages = new Set(
  Object.keys(metafile.inputs).flatMap(
    (file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? [],
  ),
);
const licenses = [...packages].sort().map((name) => {
  const folder = new URL(`../node_modules/${name}/`, import.meta.url);
  const license = ["LICENSE", "LICENSE.md", "license", "license.md"]
    .map((file) => new URL(file, folder))
    .find((file) => existsSync(file));
  const { version, license: kind } = JSON.parse(
    readFileSync(new URL("package.json", folder), "utf8"),
  );
  const text = license ? readFileSync(license, "utf8").trim() : `License: ${kind}`;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(new URL("LICENSES.txt", page), licenses.join("\n---\n\n"));
