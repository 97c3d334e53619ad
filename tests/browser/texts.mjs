// The pages' catalogue of texts. Tests find elements by test id or role, and read a text from here where it is what they are about.
// @ts-check
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiles the catalogue, because this Node may not read TypeScript. @returns {Promise<typeof import("../../functions/console/web/src/texts.ts")>} */
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

/** Stands for a part of a text that a test does not know. */
export const ANY = "<any>";

/** Matches a text that was made with `ANY`. @param {string} text */
export const pattern = (text) =>
  new RegExp(
    text
      .split(ANY)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*"),
  );
