import { Trans } from "@lingui/react/macro";
import type { Warning } from "../../core/index.ts";
import { When } from "../design/moment.tsx";

/** Something that was noticed, in plain words: what it was, and whether anything is to be done. */
export function GroupWarning({ warning }: { readonly warning: Warning }) {
  return (
    <p>
      <WarningWords warning={warning} /> <When time={warning.noticedAt} />
    </p>
  );
}

function WarningWords({ warning }: { readonly warning: Warning }) {
  const who = warning.byName ?? "";
  switch (warning.kind) {
    case "stewards-differ":
      return (
        <Trans>
          The server's list of who may change this group differs from the group's own record. The group's record counts;
          a facilitator's app corrects the list.
        </Trans>
      );
    case "pass-differs":
      return (
        <Trans>
          The server holds another key for this group than its record says. Nothing is sent under it. Speak with the
          other members outside this group.
        </Trans>
      );
    case "fork":
      return (
        <Trans>
          The server has shown this group in two different versions. Compare with the other members, by phone or in
          person, what each of you sees.
        </Trans>
      );
    case "rolled-back":
      return (
        <Trans>
          The server has gone back to an older copy. What this device holds is sent to it again; nothing is lost here.
        </Trans>
      );
    case "gap":
      return who === "" ? (
        <Trans>A post is missing in between. It may still arrive; if not, the server is holding it back.</Trans>
      ) : (
        <Trans>
          A post by <bdi>{who}</bdi> is missing in between. It may still arrive; if not, the server is holding it back.
        </Trans>
      );
    case "box-repaired":
      return <Trans>A key that somebody in the group needs was missing or wrong. This device has put it right.</Trans>;
    case "link-repaired":
      return (
        <Trans>The way back to older posts was missing or wrong on the server. This device has put it right.</Trans>
      );
    case "void-entry":
      return who === "" ? (
        <Trans>Somebody tried to change the group without being allowed to. It has no effect.</Trans>
      ) : (
        <Trans>
          <bdi>{who}</bdi> tried to change the group without being allowed to. It has no effect.
        </Trans>
      );
  }
}
