import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const client = dirname(dirname(fileURLToPath(import.meta.url)));
const lingui = join(client, "../node_modules/@lingui/cli/dist/lingui.js");

function check(what: "sync" | "missing"): string {
  // Lingui looks for its own sources where NODE_ENV says test.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [lingui, "check", what], {
    cwd: client,
    encoding: "utf8",
    env,
  });
  return status === 0 ? "good" : `${stdout}${stderr}`;
}

interface Entry {
  readonly source: string;
  readonly translation: string;
}

/** A message as gettext writes it: quoted parts on one or more lines. */
function joined(lines: string): string {
  return [...lines.matchAll(/"(.*)"/g)].map(([, part = ""]) => part).join("");
}

function entries(language: string, catalogue: string): readonly Entry[] {
  const text = readFileSync(join(client, `src/ui/locales/${language}/${catalogue}.po`), "utf8");
  return [...text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)]
    .map(([, source = "", translation = ""]) => ({ source: joined(source), translation: joined(translation) }))
    .filter(({ source }) => source !== "");
}

/** Names of values, and tags, that stand in a message. */
function parts(message: string): readonly string[] {
  const values = [...message.matchAll(/\{(\w+)(?=[},])/g)].map(([, name = ""]) => name);
  const tags = [...message.matchAll(/<\/?\d+\/?>/g)].map(([tag]) => tag);
  return [...new Set([...values, ...tags])].toSorted();
}

test("every message in the code stands in the catalogues (npx lingui extract --clean, in client)", () => {
  expect(check("sync")).toBe("good");
}, 120_000);

test("every message is translated", () => {
  expect(check("missing")).toBe("good");
}, 120_000);

test.each(["fr", "es", "ar"])("translations into %s keep every value and tag of the message", (language) => {
  const all = ["first", "rest"].flatMap((catalogue) => entries(language, catalogue));
  expect(all.length).toBeGreaterThan(400);
  for (const { source, translation } of all) expect([source, parts(translation)]).toEqual([source, parts(source)]);
});

test("Arabic plurals have all six forms, and the other languages theirs", () => {
  const forms = { fr: ["one", "other"], es: ["one", "other"], ar: ["zero", "one", "two", "few", "many", "other"] };
  for (const [language, wanted] of Object.entries(forms)) {
    const plurals = ["first", "rest"]
      .flatMap((name) => entries(language, name))
      .filter(({ source }) => source.includes(", plural,"));
    expect(plurals.length).toBeGreaterThan(10);
    for (const { source, translation } of plurals)
      for (const form of wanted) expect([source, translation]).toEqual([source, expect.stringContaining(` ${form} {`)]);
  }
});
