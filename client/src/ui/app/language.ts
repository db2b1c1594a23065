import { i18n, type Messages } from "@lingui/core";

export const languages = [
  { code: "en", name: "English", dir: "ltr" },
  { code: "fr", name: "Français", dir: "ltr" },
  { code: "es", name: "Español", dir: "ltr" },
  { code: "ar", name: "العربية", dir: "rtl" },
] as const;

export type Language = (typeof languages)[number]["code"];

const catalogues: Readonly<Record<Language, () => Promise<{ readonly messages: Messages }>>> = {
  en: () => import("../locales/en.po"),
  fr: () => import("../locales/fr.po"),
  es: () => import("../locales/es.po"),
  ar: () => import("../locales/ar.po"),
};

const remembered = "unionhall.language";

export function isLanguage(code: string | null): code is Language {
  return languages.some((language) => language.code === code);
}

/** The language chosen on this device before, else the first of the browser's that is spoken here, else English. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(remembered);
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return wanted.find((code) => isLanguage(code ?? null)) as Language | undefined ?? "en";
}

/** Loads a catalogue, speaks it, and turns the page to its direction. */
export async function speak(code: Language): Promise<void> {
  const { messages } = await catalogues[code]();
  i18n.loadAndActivate({ locale: code, messages });
  document.documentElement.lang = code;
  document.documentElement.dir = languages.find((language) => language.code === code)?.dir ?? "ltr";
}

/** Keeps the choice on this device, so that the locked screen speaks it too. */
export function rememberLanguage(code: Language): void {
  localStorage.setItem(remembered, code);
}
