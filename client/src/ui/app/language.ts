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
  const tried = [recall(remembered), ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return tried.find(isLanguage) ?? "en";
}

/** Dates and numbers as written where the person is, when the browser says so; English without a region as most of the world does. */
function regionOf(code: Language): string {
  const regional = navigator.languages.find((tag) => tag.startsWith(`${code}-`));
  return regional ?? (code === "en" ? "en-GB" : code);
}

/** Null before the first one. */
let spoken: Language | null = null;
let wanted: Language | null = null;

/**
 * Speaks a language and turns the page to its direction. The first time, what stands around a topic is enough to begin, and the rest of the
 * words follow; later changes wait for all of them, so that no screen is without words. Fails where they cannot be fetched: the page goes on as
 * before, and the language can be chosen again. Says whether it is spoken: not when another one was chosen meanwhile.
 */
export async function speak(code: Language): Promise<boolean> {
  wanted = code;
  if (spoken === code) return true;
  try {
    const { messages } = await first[code]();
    if (spoken === null) {
      activate(code, messages);
      restLoading = speakAll(code, messages);
      // Asked for again by every screen that needs the rest.
      restLoading.catch(() => undefined);
    } else {
      await speakAll(code, messages);
    }
  } catch (error) {
    if (wanted === code) wanted = spoken;
    throw error;
  }
  return wanted === code;
}

async function speakAll(code: Language, messages: Messages): Promise<void> {
  const more = await rest[code]();
  // The first one is completed though another one is wanted, which may never come.
  if (wanted !== code && spoken !== code) return;
  activate(code, { ...messages, ...more.messages });
  restLoading = Promise.resolve();
}

function activate(code: Language, messages: Messages): void {
  spoken = code;
  i18n.loadAndActivate({ locale: code, locales: [regionOf(code), code], messages });
  document.documentElement.lang = code;
  document.documentElement.dir = languages.find((language) => language.code === code)?.dir ?? "ltr";
}

/** Resolves when the words of all screens are there, in the language spoken now. */
export function restOfWords(): Promise<void> {
  return restLoading;
}

/** Keeps the choice on this device, so that the locked screen speaks it too. */
export function rememberLanguage(code: Language): void {
  remember(remembered, code);
}
