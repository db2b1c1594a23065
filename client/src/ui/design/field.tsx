import { Trans } from "@lingui/react/macro";
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import { directionOf } from "./direction.ts";
import { WarningIcon } from "./icons.tsx";
import styles from "./field.module.css";

interface Words {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with what was typed, in words; null or absent when nothing is. */
  readonly wrong?: ReactNode;
  readonly optional?: boolean;
  /** The label for ears alone: what stands in the control says what it is. */
  readonly bare?: boolean;
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

/** A label, an explanation and a complaint around one control, wired together for screen readers. */
function Field({
  label,
  hint,
  wrong,
  optional,
  bare,
  children,
}: Words & { readonly children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter((part) => part !== "").join(" ");
  return (
    <div className={styles.field}>
      <label className={bare ? "for-ears" : styles.label} htmlFor={id}>
        {label}{" "}
        {optional ? (
          <span className={styles.optional}>
            <Trans>(if you like)</Trans>
          </span>
        ) : null}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
      {children({
        id,
        ...(described === "" ? {} : { "aria-describedby": described }),
        ...(wrong ? { "aria-invalid": true as const } : {}),
      })}
      <Wrong id={`${id}-wrong`}>{wrong}</Wrong>
    </div>
  );
}

function Wrong({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  if (!children) return null;
  return (
    <p id={id} className={styles.wrong} role="alert">
      <WarningIcon />
      <span>{children}</span>
    </p>
  );
}

/** Keeps what people type away from spelling and writing services that send it elsewhere. */
const keepHere = { spellCheck: false, "data-gramm": "false", writingsuggestions: "false" } as const;

interface TextFieldProps
  extends Words, Omit<ComponentPropsWithRef<"input">, "className" | "onChange" | "value" | "id"> {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly short?: boolean;
  readonly beside?: ReactNode;
}

export function TextField({ label, hint, wrong, optional, onValue, short, beside, dir, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong} optional={optional ?? false}>
      {(wiring) => {
        const control = (
          <input
            autoComplete="off"
            {...keepHere}
            {...input}
            {...wiring}
            dir={directionOf(dir, input.value)}
            className={`${styles.input} ${short ? styles.short : ""}`}
            onChange={(event) => onValue(event.target.value)}
          />
        );
        return beside ? (
          <div className={styles.withButton}>
            {control}
            {beside}
          </div>
        ) : (
          control
        );
      }}
    </Field>
  );
}

interface TextAreaProps
  extends Words, Omit<ComponentPropsWithRef<"textarea">, "className" | "onChange" | "value" | "id"> {
  readonly value: string;
  readonly onValue: (value: string) => void;
}

export function TextArea({ label, hint, wrong, optional, onValue, dir, ...area }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong} optional={optional ?? false}>
      {(wiring) => (
        <textarea
          autoComplete="off"
          {...keepHere}
          {...area}
          {...wiring}
          dir={directionOf(dir, area.value)}
          className={styles.input}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps extends Words {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string; readonly lang?: string }[];
  readonly short?: boolean;
}

export function SelectField({ label, hint, wrong, optional, bare, value, onValue, options, short }: SelectProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong} optional={optional ?? false} bare={bare ?? false}>
      {(wiring) => (
        <select
          {...wiring}
          className={`${styles.input} ${short ? styles.short : ""} ${bare ? styles.bare : ""}`}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} lang={option.lang}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> {
  readonly legend: ReactNode;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly meaning?: ReactNode }[];
}

/** Radio buttons where each choice says what it means. */
export function Choice<Value extends string>({ legend, value, onValue, options }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.choice}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onValue(option.value)} />
          <span>
            <strong>{option.label}</strong>
            {option.meaning ? <small>{option.meaning}</small> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface TickProps {
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly children: ReactNode;
}

export function Tick({ checked, onChecked, children }: TickProps) {
  return (
    <label className={styles.tick}>
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}
