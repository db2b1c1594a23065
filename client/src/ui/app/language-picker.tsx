import { useLingui } from "@lingui/react/macro";
import { SelectField } from "../design/field.tsx";
import { isLanguage, languages, rememberLanguage, speak } from "./language.ts";
import { useHall } from "./hall.tsx";
import { useMe } from "./use-session.ts";

/** Changes the language here, and in the account's settings when it is open. */
export function LanguagePicker({ inMasthead = false }: { readonly inMasthead?: boolean }) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const open = useMe() !== null;
  return (
    <SelectField
      label={t`Language`}
      short={!inMasthead}
      bare={inMasthead}
      value={i18n.locale}
      options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
      onValue={(code) => {
        if (!isLanguage(code)) return;
        rememberLanguage(code);
        void speak(code);
        if (open) void hall.session.setSettings({ language: code });
      }}
    />
  );
}
