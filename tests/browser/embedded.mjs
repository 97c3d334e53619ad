// A product of its own origin, with its own Content-Security-Policy, that embeds the components.
// @ts-check
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const packages = new URL("../../clients/typescript/", import.meta.url);
const file = (/** @type {string} */ path) => fileURLToPath(new URL(path, packages));

/** Builds a page and serves it. @param {"react.jsx" | "elements.js"} entry */
export async function startProduct(entry) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`embedded/${entry}`, import.meta.url))],
    outdir: "/",
    entryNames: "page",
    bundle: true,
    splitting: true,
    format: "esm",
    jsx: "automatic",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    nodePaths: [file("node_modules")],
    // As published: from `dist`, without the paths of this folder's tsconfig.json.
    tsconfigRaw: {},
    write: false,
  });
  /** The settings of the next page. @type {Record<string, string>} */
  let settings = {};
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const asset = outputFiles.find(({ path }) => path === pathname);
    if (asset) {
      const type = pathname.endsWith(".css") ? "text/css" : "text/javascript";
      response.setHeader("content-type", type);
      return response.end(asset.contents);
    }
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src data:",
      `connect-src ${settings.url}`,
      "require-trusted-types-for 'script'",
    ];
    response.setHeader("content-security-policy", policy.join("; "));
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html>
<html lang="${settings.language ?? "en"}" dir="${searchParams.get("dir") ?? "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>My product</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><div id="app"></div>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<script type="module" src="/page.js"></script></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    /** @param {Record<string, string>} next */
    use: (next) => {
      settings = next;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
