import { Trans, useLingui } from "@lingui/react/macro";
import { plural } from "@lingui/core/macro";
import type { RefObject } from "react";
import type { GroupDetail } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Refusal } from "../problems/refusal.tsx";
import type { Draft } from "./use-draft.ts";
import { WritingBox } from "./writing-box.tsx";
import styles from "./writing.module.css";

interface ComposerProps {
  readonly group: GroupDetail;
  readonly topicId: string;
  readonly draft: Draft;
  readonly box: RefObject<HTMLTextAreaElement | null>;
  /** The post is safe on this device. */
  readonly onSent: () => void;
}

/** Where one answers in a topic. */
export function Composer({ group, topicId, draft, box, onSent }: ComposerProps) {
  const { t } = useLingui();
  const hall = useHall();
  const send = useAct(
    (text: string) => hall.topics.reply(group.groupId, topicId, text.trim()),
    (_, text) => {
      draft.sent(text);
      box.current?.focus();
      onSent();
    },
  );
  const others = group.memberCount - 1;
  const label =
    others > 0
      ? t`${plural(others, { one: "Write to # other member…", other: "Write to # other members…" })}`
      : t`Write the first notes; others will read them when they come…`;
  return (
    <div className={styles.composer}>
      <Refusal failure={send.failure ?? (draft.kept ? null : "draft-not-kept")} />
      <WritingBox
        label={label}
        text={draft.text}
        onText={draft.setText}
        onSend={() => send.run(draft.text)}
        act={<Trans>Send</Trans>}
        pending={send.pending}
        unavailable={draft.text.trim() === "" || !draft.loaded}
        box={box}
      />
    </div>
  );
}
