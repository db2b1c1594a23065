import { Trans } from "@lingui/react/macro";
import { Prose } from "../app/pane.tsx";
import { Notice } from "../design/notice.tsx";

/** The host's page about itself (threat model), in the words of people rather than of engineers. */
export function ServerSees() {
  return (
    <Prose>
      <Notice tone="seal">
        <p>
          <Trans>
            They do not see: what is written, titles, names, this group's name, who is in it, who wrote what. All of
            that is encrypted on the members' devices before it leaves them.
          </Trans>
        </p>
      </Notice>
      <p>
        <Trans>What is stored there:</Trans>
      </p>
      <ul>
        <li>
          <Trans>
            that a group exists, how many entries and keys it has, how many facilitators, and about how long each text
            is;
          </Trans>
        </li>
        <li>
          <Trans>which posts belong to the same topic, though not what it is about;</Trans>
        </li>
        <li>
          <Trans>that accounts exist, with their public keys, but no names, and not in which groups they are;</Trans>
        </li>
        <li>
          <Trans>on which day something arrived, and in which order.</Trans>
        </li>
      </ul>
      <p>
        <Trans>
          Somebody who watches the running server could also see from which network addresses and at which moments it is
          used, and guess from that who belongs together. They could hold posts back or show an older state; the
          members' devices notice that when they next compare. They can neither read posts nor change or add any.
        </Trans>
      </p>
      <p>
        <Trans>
          Not promised: that members keep secrets to themselves; that a removed person forgets what they have read; that
          the pages this hall sends you have not been tampered with at the source.
        </Trans>
      </p>
    </Prose>
  );
}
