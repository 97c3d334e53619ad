// Settings of esbuild for bundles of the components on Preact, from their sources.
import { fileURLToPath } from "node:url";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

export const onPreact = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "eof",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  alias: {
    react: file("preact.mjs"),
    "react-dom": file("preact.mjs"),
    "react-dom/client": "preact/compat/client",
    "react/jsx-runtime": "preact/jsx-runtime",
    "@organizations/client": file("../client/src/index.ts"),
    "@organizations/react": file("src/index.ts"),
    "@organizations/react/en": file("src/texts/en.ts"),
    "@organizations/react/de": file("src/texts/de.ts"),
    "@organizations/react/styles.css": file("src/styles.css"),
  },
};
