import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { ChainLine } from "../../core/index.ts";
import { Button } from "../design/button.tsx";
import { When } from "../design/moment.tsx";
import { Loaded } from "../problems/loaded.tsx";
import { ChainActWords } from "./chain-words.tsx";
import { useChain } from "./use-members.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./members-page.module.css";

const shownAtFirst = 20;

/** The group's chain in plain words, newest first. */
export function ChainRecord({ groupId }: { readonly groupId: string }) {
  const chain = useChain(groupId);
  const [all, setAll] = useState(false);
  return (
    <Loaded query={chain}>
      {(lines) => {
        const newestFirst = lines.filter(isWorthSaying).toReversed();
        const shown = all ? newestFirst : newestFirst.slice(0, shownAtFirst);
        return (
          <div>
            <PlainList ordered className={styles.chain}>
              {shown.map((line) => (
                <Entry key={line.index} line={line} />
              ))}
            </PlainList>
            {shown.length < newestFirst.length ? (
              <div className={styles.more}>
                <Button onClick={() => setAll(true)}>
                  <Trans>Show all {newestFirst.length} entries</Trans>
                </Button>
              </div>
            ) : null}
          </div>
        );
      }}
    </Loaded>
  );
}

/** An entry that only changes keys, as happens every week, tells people nothing. */
function isWorthSaying(line: ChainLine): boolean {
  return line.verdict.kind === "void" || line.acts.some((act) => act.kind !== "era");
}

function Entry({ line }: { readonly line: ChainLine }) {
  const acts = line.acts.filter((act) => act.kind !== "era" || line.acts.length === 1);
  const isVoid = line.verdict.kind === "void";
  return (
    <li className={styles.entry} data-void={isVoid ? "" : undefined}>
      {isVoid ? (
        <p className={styles.void}>
          <Trans>Without effect: the group's rules do not allow it.</Trans>
        </p>
      ) : null}
      {acts.map((act, index) => (
        <p key={`${line.index} ${index}`}>
          <ChainActWords act={act} by={line.by} />
        </p>
      ))}
      {acts.length === 0 ? (
        <p>
          <Trans>An entry that cannot be read, by someone holding the key.</Trans>
        </p>
      ) : null}
      <span className={styles.under}>
        <When time={line.time} />
      </span>
    </li>
  );
}
