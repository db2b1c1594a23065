import { Plural, Trans } from "@lingui/react/macro";
import { Link, useLocation } from "wouter";
import { OfflineIcon, WarningIcon } from "../design/icons.tsx";
import { useConnection, useMe } from "./use-session.ts";
import styles from "./desk.module.css";

/** Says when the hall cannot be reached, and that nothing is lost by it. */
export function ConnectionBanner() {
  const connection = useConnection();
  if (connection?.kind !== "offline") return null;
  return (
    <output className={styles.banner}>
      <OfflineIcon />
      <span>
        <Trans>Offline. What is here stays readable.</Trans>{" "}
        <span className={styles.further}>
          {connection.waiting > 0 ? (
            <Plural
              value={connection.waiting}
              one="# post waits here and is sent when the network is back."
              other="# posts wait here and are sent when the network is back."
            />
          ) : (
            <Trans>What you write is sent when the network is back.</Trans>
          )}
        </span>
      </span>
    </output>
  );
}

/** Reminds of the 12 words until they were asked back. */
export function WordsBanner() {
  const me = useMe();
  const [path] = useLocation();
  if (!me?.wordsUnconfirmed || path === "/me") return null;
  return (
    <div className={styles.banner}>
      <WarningIcon />
      <span className={styles.further}>
        <Trans>Your 12 words are not confirmed yet. Without them a lost device means a lost account.</Trans>
      </span>
      <Link href="/me">
        <Trans>Write down your 12 words now</Trans>
      </Link>
    </div>
  );
}
