import { i18n, type Messages } from "@lingui/core";
import { recall, remember } from "./remembered.ts";

export const languages = [
  { code: "en", name: "English", dir: "ltr" },
  { code: "fr", name: "Français", dir: "ltr" },
  { code: "es", name: "Español", dir: "ltr" },
  { code: "ar", name: "العربية", dir: "rtl" },
] as const;

export type Language = (typeof languages)[number]["code"];

type Catalogues = Readonly<Record<Language, () => Promise<{ readonly messages: Messages }>>>;

/** The words of a topic and what stands around it. */
const first: Catalogues = {
  en: () => import("../locales/en/first.po"),
  fr: () => import("../locales/fr/first.po"),
  es: () => import("../locales/es/first.po"),
  ar: () => import("../locales/ar/first.po"),
};

/** The words of all other screens. */
const rest: Catalogues = {
  en: () => import("../locales/en/rest.po"),
  fr: () => import("../locales/fr/rest.po"),
  es: () => import("../locales/es/rest.po"),
  ar: () => import("../locales/ar/rest.po"),
};

let restLoading: Promise<void> = Promise.resolve();

const remembered = "unionhall.language";

export function isLanguage(code: string | null): code is Language {
  return languages.some((language) => language.code === code);
}

/** The language chosen on this device before, else the first of the browser's that is spoken here, else English. */
export function preferredLanguage(): Language {
  const wanted = [recall(remembered), ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return wanted.find(isLanguage) ?? "en";
}

/** Dates and numbers as written where the person is, when the browser says so; English without a region as most of the world does. */
function regionOf(code: Language): string {
  const regional = navigator.languages.find((tag) => tag.startsWith(`${code}-`));
  return regional ?? (code === "en" ? "en-GB" : code);
}

/** Loads a language's first words, speaks it, and turns the page to its direction; the rest of its words follow. */
export async function speak(code: Language): Promise<void> {
  const { messages } = await first[code]();
  const locales = [regionOf(code), code];
  i18n.loadAndActivate({ locale: code, locales, messages });
  document.documentElement.lang = code;
  document.documentElement.dir = languages.find((language) => language.code === code)?.dir ?? "ltr";
  restLoading = loadRest(code, locales, messages);
  // Asked for again by every screen that needs them.
  restLoading.catch(() => undefined);
}

async function loadRest(code: Language, locales: string[], messages: Messages): Promise<void> {
  const more = await rest[code]();
  if (i18n.locale === code)
    i18n.loadAndActivate({ locale: code, locales, messages: { ...messages, ...more.messages } });
}

/** Resolves when the words of all screens are there, in the language spoken now. */
export function restOfWords(): Promise<void> {
  return restLoading;
}

/** Keeps the choice on this device, so that the locked screen speaks it too. */
export function rememberLanguage(code: Language): void {
  remember(remembered, code);
}
