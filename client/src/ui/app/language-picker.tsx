import { useLingui } from "@lingui/react/macro";
import { HallError, type Unionhall } from "../../core/index.ts";
import { SelectField } from "../design/field.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { isLanguage, languages, rememberLanguage, speak } from "./language.ts";
import { useHall } from "./hall.tsx";
import { useChoice } from "./use-choice.ts";
import { useMe } from "./use-session.ts";

/** Changes the language here, and in the account's settings when it is open. */
export function LanguagePicker({ inMasthead = false }: { readonly inMasthead?: boolean }) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const open = useMe() !== null;
  const { value, failure, choose } = useChoice(i18n.locale, (code) => change(code, open ? hall : null));
  return (
    <>
      <SelectField
        label={t`Language`}
        short={!inMasthead}
        bare={inMasthead}
        value={value}
        options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        onValue={(code) => void choose(code)}
      />
      <Refusal failure={failure} />
    </>
  );
}

async function change(code: string, hall: Unionhall | null): Promise<void> {
  if (!isLanguage(code)) return;
  const spoken = await speak(code).catch(() => {
    throw new HallError("offline", "the words of this language could not be fetched");
  });
  if (!spoken) return;
  rememberLanguage(code);
  await hall?.session.setSettings({ language: code });
}
