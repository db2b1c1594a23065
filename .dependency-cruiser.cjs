/** Who may import whom: docs/architecture.md. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const tests = "(\\.test\\.tsx?$|/testing/|^test/)";

module.exports = {
  forbidden: [
    forbid(
      "no-cycles",
      "Modules that need each other are one module or lack a third.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    forbid("resolvable", "Every import leads somewhere.", {}, { couldNotResolve: true }),
    forbid(
      "one-libsodium",
      "One module imports libsodium, so that there is exactly one verifier.",
      { pathNot: "^crypto/src/sodium\\.ts$" },
      { path: "node_modules/libsodium" },
    ),
    forbid(
      "crypto-is-bytes",
      "crypto imports libsodium, cborg and bip39, nothing else.",
      { path: "^crypto/src", pathNot: tests },
      { pathNot: "^crypto/src|node_modules/(libsodium|cborg|@scure|@noble)" },
    ),
    forbid(
      "contract-is-alone",
      "The contract imports typebox only.",
      { path: "^server/src/contract", pathNot: tests },
      { pathNot: "^server/src/contract|node_modules/typebox" },
    ),
    forbid(
      "server-has-no-client",
      "The server does not know the client.",
      { path: "^server/src|^migrations" },
      { path: "^client/" },
    ),
    forbid(
      "server-only-verifies",
      "The server gets signatures and the strict codec, no keys.",
      { path: "^server/src", pathNot: tests },
      { path: "^crypto/src/(?!verify\\.ts$)" },
    ),
    forbid(
      "verify-opens-nothing",
      "What the server can reach has no code that seals, opens, boxes or derives keys.",
      { path: "^crypto/src/verify\\.ts$" },
      { path: "^crypto/src/primitives/(seal|box)\\.ts$", reachable: true },
    ),
    forbid(
      "core-is-framework-free",
      "core imports the contract, crypto and small pure libraries.",
      { path: "^client/src/core", pathNot: tests },
      { pathNot: "^client/src/core|^crypto/src|^server/src/contract|node_modules/(mdast|micromark|@types/mdast)" },
    ),
    forbid(
      "core-uses-the-contract",
      "core sees the server through its contract.",
      { path: "^client/src/core", pathNot: tests },
      { path: "^server/src/(?!contract/)" },
    ),
    forbid(
      "ui-has-one-door",
      "The interface sees core/index.ts and the worker's client, nothing else.",
      { path: "^client/src/ui", pathNot: tests },
      { path: "^client/src/(core/(?!index\\.ts$)|platform|cli|worker/(?!connect\\.ts$))|^crypto/|^server/" },
    ),
    forbid(
      "core-knows-no-one-above",
      "core does not know who uses it.",
      { path: "^client/src/core", pathNot: tests },
      { path: "^client/src/(ui|worker|cli|platform)" },
    ),
    forbid("nobody-imports-tests", "Tests are the end of the road.", { pathNot: tests }, { path: tests }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "client/dist" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs", ".d.ts"],
    },
  },
};
