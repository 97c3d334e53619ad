// The catalogue of the pages' texts. Tests find elements by test id or role, and read from here the
// texts that they assert.
// @ts-check
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiles the catalogue, because older versions of Node cannot import TypeScript. @returns {Promise<typeof import("../../functions/console/web/src/texts.ts")>} */
async function catalogue() {
  const [tsc, source] = [
    "node_modules/typescript/bin/tsc",
    "../../functions/console/web/src/texts.ts",
  ].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const out = mkdtempSync(join(tmpdir(), "texts-"));
  const options =
    "--ignoreConfig --noCheck --target es2022 --module esnext --moduleResolution bundler --rewriteRelativeImportExtensions";
  execFileSync(process.execPath, [
    String(tsc),
    ...options.split(" "),
    "--outDir",
    out,
    String(source),
  ]);
  const script = readFileSync(join(out, "texts.js"), "utf8");
  rmSync(out, { recursive: true });
  return import(`data:text/javascript,${encodeURIComponent(script)}`);
}

export const { failure, invitation, t } = await catalogue();

/** A placeholder for an unknown part of a text. */
export const ANY = "<any>";

/** A pattern for a text that contains `ANY`. @param {string} text */
export const pattern = (text) =>
  new RegExp(
    text
      .split(ANY)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*"),
  );
