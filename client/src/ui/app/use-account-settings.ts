import { useEffect } from "react";
import { isLanguage, rememberLanguage, speak } from "./language.ts";
import { wearTheme } from "./theme.ts";
import { useSettings } from "./use-session.ts";

/** The account's language and theme, once it is open, win over what this device remembers. */
export function useAccountSettings(): void {
  const { data } = useSettings();
  const language = data?.language ?? null;
  const theme = data?.theme;
  useEffect(() => {
    if (!isLanguage(language)) return;
    rememberLanguage(language);
    // Where its words cannot be fetched, the page speaks as before until it is loaded again.
    speak(language).catch(() => undefined);
  }, [language]);
  useEffect(() => {
    if (theme) wearTheme(theme);
  }, [theme]);
}
