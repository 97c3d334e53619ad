// Adds to `dist` what the compiler does not make: the style sheet, and the custom elements as one
// bundle.
import { rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { onPreact } from "./bundle.mjs";

await build({
  entryPoints: ["src/styles.css"],
  outdir: "dist",
  bundle: true,
  logLevel: "warning",
});
// For TypeScript's checks of imports that have only side effects.
writeFileSync("dist/styles.css.d.ts", "export {};\n");
// The compiler's file cannot run in a page: it imports React by name.
rmSync("dist/elements/index.js");
await build({
  ...onPreact,
  entryPoints: { "elements/bundle": "src/elements/index.tsx" },
  outdir: "dist",
  splitting: true,
  chunkNames: "elements/[name]-[hash]",
  logLevel: "warning",
});
