// The catalogue of the pages' texts. Tests find elements by test id or role, and read from here the
// texts that they assert.
// @ts-check
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** Compiles the catalogue, because older versions of Node cannot import TypeScript. @returns {Promise<typeof import("../../functions/console/web/src/texts.ts")>} */
async function catalogue() {
  const source = new URL("../../functions/console/web/src/texts.ts", import.meta.url);
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
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
