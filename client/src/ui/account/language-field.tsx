import { useLingui } from "@lingui/react/macro";
import { SelectField } from "../design/field.tsx";
import { namedLanguages } from "./named-languages.ts";

interface LanguageFieldProps {
  /** A language's code, or nothing. */
  readonly value: string;
  readonly onValue: (code: string) => void;
}

/** The language in which others best write to somebody. */
export function LanguageField({ value, onValue }: LanguageFieldProps) {
  const { t } = useLingui();
  return (
    <SelectField
      label={t`Your language`}
      optional
      short
      value={value}
      options={[
        { value: "", label: t`Not said` },
        ...namedLanguages(value).map(({ code, name }) => ({ value: code, label: name, lang: code })),
      ]}
      onValue={onValue}
    />
  );
}
