import type { Setting, VaultContent } from "@unionhall/crypto";
import type { Profile, Settings } from "./session-door.ts";

/** Profile and settings as the vault holds them, and back. Names and values of a newer version stay as they are. */
export function profileIn(content: VaultContent): Profile {
  const { name = "", union = null, country = null, languages = [] } = content.profile ?? {};
  return { name, union, country, languages };
}

export function withProfile(content: VaultContent, profile: Profile, now: number): VaultContent {
  const extra = content.profile?.extra ?? [];
  return { ...content, profile: { ...profile, changed: now, extra } };
}

const themes = ["system", "light", "dark"] as const;

export function settingsIn(content: VaultContent): Settings {
  const values = new Map(content.settings.map(({ name, value }) => [name, value]));
  const language = values.get("language");
  const theme = values.get("theme");
  return {
    language: typeof language === "string" ? language : null,
    theme: themes.find((one) => one === theme) ?? "system",
  };
}

export function withSettings(content: VaultContent, changes: Partial<Settings>, now: number): VaultContent {
  const changed = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): Setting => ({ name, value, changed: now }));
  const names = new Set(changed.map(({ name }) => name));
  return { ...content, settings: [...content.settings.filter(({ name }) => !names.has(name)), ...changed] };
}
