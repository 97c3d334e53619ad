import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

/** The compressed size of what a page with these exports loads at first, without React. */
function bytes(code: string): number {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    splitting: true,
    outdir: "/",
    format: "esm",
    external: ["react", "react-dom", "react/jsx-runtime"],
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? "").length;
}

test("components and elements stay small, and only what is used is loaded", () => {
  const can = bytes('export { Can, OrganizationsProvider } from "@organizations/react";');
  const all = bytes('export * from "@organizations/react";');
  assert.ok(can > 5_000 && can < 25_000, `${can} bytes for <Can>`);
  assert.ok(all > can && all < 90_000, `${all} bytes for all components`);

  const dist = new URL("../dist/elements/", import.meta.url);
  const bundle = gzipSync(readFileSync(new URL("bundle.js", dist))).length;
  assert.ok(bundle > 20_000 && bundle < 110_000, `${bundle} bytes for the elements`);
  assert.ok(readdirSync(dist).some((file) => file.startsWith("draw-chart")));
});
