// Writes src/schema.ts, the types of the API, from infra/openapi.json.
//
//   node generate.mjs [FILE]
import { readFile, writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";
import ts from "typescript";

const document = JSON.parse(
  await readFile(new URL("../../../infra/openapi.json", import.meta.url), "utf8"),
);
const { factory } = ts;
const literal = (text) => factory.createLiteralTypeNode(factory.createStringLiteral(text));

// New codes may be added, so the schema is a string with examples. The union completes known codes
// in an editor, and accepts unknown ones.
const problemCodes = () =>
  factory.createUnionTypeNode([
    ...document.components.schemas.ProblemCode.examples.map(literal),
    factory.createIntersectionTypeNode([
      factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
      factory.createTypeLiteralNode([]),
    ]),
  ]);

const types = await openapiTypescript(document, {
  alphabetize: true,
  transform: (_, { path }) =>
    path === "#/components/schemas/ProblemCode" ? problemCodes() : undefined,
});
await writeFile(
  process.argv[2] ?? new URL("src/schema.ts", import.meta.url),
  `// Generated from infra/openapi.json: npm run generate\n\n${astToString(types)}`,
);
