import { readFile } from "node:fs/promises";

export type Tongue = "en" | "fr" | "es" | "ar";
/** A sentence of the interface in somebody's language, by its English form; throws for one that the interface does not have. */
export type Say = (english: string) => string;

const locales = new URL("../../client/src/ui/locales/", import.meta.url);
const message = /^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm;

/** Reads the catalogues as they are, so that a test finds what people see in whatever language they use. */
export async function speaker(language: Tongue): Promise<Say> {
  const words = new Map<string, string>();
  for (const part of ["first", "rest"]) {
    const catalogue = await readFile(new URL(`${language}/${part}.po`, locales), "utf8");
    for (const [, id = "", said = ""] of catalogue.matchAll(message)) words.set(unquoted(id), unquoted(said));
  }
  return (english) => {
    const said = words.get(english);
    if (said === undefined || said === "") throw new Error(`the interface does not say “${english}” in ${language}`);
    return said;
  };
}

function unquoted(lines: string): string {
  return lines
    .trim()
    .split("\n")
    .map((line) => String(JSON.parse(line)))
    .join("");
}
