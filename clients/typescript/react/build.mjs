// Adds to `dist` what the compiler does not make: the style sheet, and the custom elements as one bundle.
import { build } from "esbuild";
import { onPreact } from "./bundle.mjs";

await build({
  entryPoints: ["src/styles.css"],
  outdir: "dist",
  bundle: true,
  logLevel: "warning",
});
await build({
  ...onPreact,
  entryPoints: { "elements/bundle": "src/elements/index.tsx" },
  outdir: "dist",
  splitting: true,
  chunkNames: "elements/[name]-[hash]",
  logLevel: "warning",
});
