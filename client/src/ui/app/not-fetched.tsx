import { Trans } from "@lingui/react/macro";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import styles from "./error-boundary.module.css";

/** Instead of a screen whose program could not be fetched. */
export function NotFetched() {
  return (
    <div className={styles.pane}>
      <CouldNotFetch />
    </div>
  );
}

export function CouldNotFetch() {
  return (
    <Notice tone="urgent" alert acts={<LoadAgain />}>
      <p>
        <strong>
          <Trans>This screen could not be fetched from the hall.</Trans>
        </strong>
      </p>
      <p>
        <Trans>Nothing is lost. Check the network, then load the page again.</Trans>
      </p>
    </Notice>
  );
}

export function LoadAgain() {
  return (
    <Button onClick={() => location.reload()}>
      <Trans>Load the page again</Trans>
    </Button>
  );
}
