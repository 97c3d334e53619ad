import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

test("the examples of README.md compile", () => {
  const readme = readFileSync(new URL("README.md", root), "utf8");
  const examples = [...readme.matchAll(/^```tsx\n(.*?)^```/gms)].map(([, code]) => code ?? "");
  assert.ok(examples.length >= 3);
  const session = "declare const session: { accessToken: () => Promise<string> };\n";
  const client = 'declare const client: import("@organizations/client").Client;\n';
  const files = examples.map((code, at) => {
    const file = fileURLToPath(new URL(`tests/readme.example${at}.tsx`, root));
    writeFileSync(file, session + (code.includes("const client") ? "" : client) + code);
    return file;
  });
  // The test compiles them with the settings of the tests, which find the package by its name.
  const project = fileURLToPath(new URL("tests/readme.tsconfig.json", root));
  writeFileSync(
    project,
    JSON.stringify({
      extends: "./tsconfig.json",
      compilerOptions: { noEmit: true, noUnusedLocals: false },
      include: ["readme.example*.tsx"],
    }),
  );
  try {
    const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", root));
    execFileSync(process.execPath, [tsc, "--project", project], { stdio: "pipe" });
  } catch (error) {
    assert.fail(String((error as { stdout?: Buffer }).stdout));
  } finally {
    for (const file of [...files, project]) rmSync(file);
  }
});

test("every export is in README.md", () => {
  const readme = readFileSync(new URL("README.md", root), "utf8");
  const index = readFileSync(new URL("src/index.ts", root), "utf8");
  const names = [...index.matchAll(/\b([A-Z]\w+|use\w+)\b(?=[,\s}])/g)]
    .map(([, name]) => name ?? "")
    .filter(
      (name) =>
        !/Props$|^(Failure|Format|Loaded|Me|Member|Org|Organizations|Page|Role)$/.test(name),
    );
  assert.ok(names.length > 15, names.join());
  assert.deepEqual(
    names.filter((name) => !readme.includes(name)),
    [],
  );
});
