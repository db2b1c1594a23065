import { Trans, useLingui } from "@lingui/react/macro";
import { useLocation } from "wouter";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, useBackLabels } from "../app/pane.tsx";
import { useAct } from "../app/use-act.ts";
import { usePanes } from "../app/use-panes.ts";
import { TextField } from "../design/field.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { useDraft } from "./use-draft.ts";
import { WritingBox } from "./writing-box.tsx";
import styles from "./writing.module.css";

/** A new topic: a title and its first post. The draft keeps both, the title as its first line. */
export default function NewTopicPage({ groupId }: { readonly groupId: string }) {
  const { t } = useLingui();
  useTabTitle(t`New topic`);
  const hall = useHall();
  const panes = usePanes();
  const labels = useBackLabels();
  const [, navigate] = useLocation();
  const draft = useDraft(groupId, null);
  const [title = "", ...lines] = draft.text.split("\n");
  const text = lines.join("\n");
  const create = useAct(
    (_written: string) => hall.topics.create(groupId, { title: title.trim(), text: text.trim() }),
    ({ topicId }, written) => {
      draft.sent(written);
      // Going back from the topic does not lead to a form that was sent.
      navigate(`/g/${groupId}/t/${topicId}`, { replace: true });
    },
  );
  return (
    <>
      <PaneHead title={t`New topic`} back={panes === 1 ? { href: `/g/${groupId}`, label: labels.group } : null} />
      <PaneBody>
        <div className={styles.form}>
          <TextField
            label={t`Title`}
            hint={t`What it is about, so that others find it again.`}
            value={title}
            onValue={(value) => draft.setText(`${value}\n${text}`)}
            maxLength={200}
            dir="auto"
            required
          />
          <WritingBox
            label={t`The first post`}
            text={text}
            onText={(value) => draft.setText(`${title}\n${value}`)}
            onSend={() => create.run(draft.text)}
            act={<Trans>Begin the topic</Trans>}
            pending={create.pending}
            unavailable={title.trim() === "" || text.trim() === "" || !draft.loaded}
            tall
          />
          <Refusal failure={create.failure ?? (draft.kept ? null : "draft-not-kept")} />
        </div>
      </PaneBody>
    </>
  );
}
