import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";

interface ConfirmProps {
  readonly title: ReactNode;
  /** What will happen, and what will be lost. */
  readonly children: ReactNode;
  /** The act in its own words: "Remove Chidi", never "OK". */
  readonly act: ReactNode;
  readonly loss?: boolean;
  readonly pending?: boolean;
  readonly onAct: () => void;
  readonly onClose: () => void;
}

/** The focus, to where it was; if that is gone, as an entry of a menu is, to what the dialog stood beside; if that is gone, to the page. */
function giveBack(before: Element | null, around: Element | null): void {
  const beside = around?.isConnected === true ? around.querySelector("button") : null;
  const places = [before === document.body ? null : before, beside, document.getElementById("main")];
  const place = places.find((element) => element instanceof HTMLElement && element.isConnected);
  if (place instanceof HTMLElement) place.focus();
}

/** Asks before an act that cannot simply be taken back. The browser's own modal dialog keeps focus inside and gives it back. */
export function Confirm({ title, children, act, loss = false, pending = false, onAct, onClose }: ConfirmProps) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    const around = element?.parentElement ?? null;
    element?.showModal();
    return () => {
      element?.close();
      giveBack(before, around);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!pending) onClose();
      }}
      // Browsers let nobody hold a dialog open against a second Escape: what is under way is to be seen to its end.
      onClose={({ currentTarget }) => {
        if (currentTarget.open) return;
        if (pending) currentTarget.showModal();
        else onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      <div className={styles.body}>{children}</div>
      <div className={styles.acts}>
        <Button onClick={onClose} unavailable={pending}>
          {t`Go back`}
        </Button>
        <Button tone={loss ? "loss" : "main"} pending={pending} onClick={onAct}>
          {/* One piece of the row that a button is, with whatever name is in it. */}
          <span>{act}</span>
        </Button>
      </div>
    </dialog>
  );
}
