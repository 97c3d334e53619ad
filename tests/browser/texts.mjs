// The catalogue of the pages' texts. Tests find elements by test id or role, and read from here the
// texts that they assert.
// @ts-check
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Compiles a module, because older versions of Node cannot import TypeScript.
 * @param {string} path from the folder of the TypeScript packages
 */
async function compiled(path) {
  const packages = new URL("../../clients/typescript/", import.meta.url);
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(path, packages))],
    bundle: true,
    format: "esm",
    write: false,
    alias: { "@organizations/react/en": fileURLToPath(new URL("react/src/texts/en.ts", packages)) },
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}

/** @type {typeof import("../../clients/typescript/console/src/texts/en.ts")} */
const { en } = await compiled("console/src/texts/en.ts");

/** The texts of the pages. */
export const { session, invitation } = en;
/** The texts of the components. */
export const t = en.components;
/** The text of an error by its status. @param {number} status */
export const failure = (status) => t.failures[status] ?? t.failure(status);

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
