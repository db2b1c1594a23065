import type { ComponentPropsWithRef, ReactNode } from "react";
import { Link } from "wouter";
import { Working } from "./working.tsx";
import styles from "./button.module.css";

/** `main`: the one act a screen is for. `loss`: takes something away. `icon`: a sign alone, so it needs an `aria-label`. */
export type Tone = "main" | "quiet" | "plain" | "loss" | "icon";

interface Looks {
  readonly tone?: Tone;
  readonly wide?: boolean;
}

function classes({ tone = "quiet", wide = false }: Looks): string {
  return [styles.button, styles[tone], wide ? styles.wide : ""].join(" ");
}

interface ButtonProps extends Looks, Omit<ComponentPropsWithRef<"button">, "className" | "disabled"> {
  /** Under way: keeps its place and its focus, takes no second press. */
  readonly pending?: boolean;
  readonly unavailable?: boolean;
}

export function Button({
  tone,
  wide,
  pending = false,
  unavailable = false,
  onClick,
  children,
  type,
  ...rest
}: ButtonProps) {
  const inert = pending || unavailable;
  return (
    <button
      {...rest}
      type={type === "submit" ? "submit" : "button"}
      className={classes({ ...(tone ? { tone } : {}), ...(wide ? { wide } : {}) })}
      aria-disabled={inert || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => {
        if (inert) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {pending ? <Working /> : null}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Looks {
  readonly href: string;
  readonly children: ReactNode;
  readonly "aria-label"?: string;
}

export function ButtonLink({ href, children, tone, wide, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} href={href} className={classes({ ...(tone ? { tone } : {}), ...(wide ? { wide } : {}) })}>
      {children}
    </Link>
  );
}

export function ButtonRow({ children }: { readonly children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}
