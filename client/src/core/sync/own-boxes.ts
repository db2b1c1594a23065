import { boxLabel, equalBytes, openBox, OpenError, type EraKeys } from "@unionhall/crypto";
import type { Account, BoxKeys } from "../session/account.ts";
import type { GroupServer } from "./group-server.ts";

/** An era whose boxes are kept: its number and the label key that the server shows. */
export interface KeptEra {
  readonly era: number;
  readonly labelKey: Uint8Array;
}

interface OwnLabel {
  readonly era: number;
  readonly label: Uint8Array;
  readonly boxKeys: BoxKeys;
}

/**
 * Opens this account's boxes of these eras, under every generation of its box key. Whoever is in the era can lay a box of junk under the same
 * label; so all that open are given, and the caller finds out which is right: by the pass, and by what the chain commits to.
 */
export async function openOwnBoxes(
  server: GroupServer,
  account: Account,
  eras: readonly KeptEra[],
): Promise<readonly EraKeys[]> {
  const labels = eras.flatMap((kept) => labelsOf(server.groupId, account, kept));
  const found: EraKeys[] = [];
  for (let from = 0; from < labels.length; from += labelsAtOnce) {
    const some = labels.slice(from, from + labelsAtOnce);
    for (const { label, era, box } of await server.boxes(some.map((own) => own.label))) {
      const own = some.find((one) => one.era === era && equalBytes(one.label, label));
      const keys = own === undefined ? null : opened(box, server.groupId, era, own.boxKeys);
      if (keys !== null) found.push(keys);
    }
  }
  return found;
}

/** The contract takes 256 labels in one question. */
const labelsAtOnce = 256;

/** Under which labels the boxes of one era for this account lie, whatever generation of its box key they were made for. */
export function ownLabels(groupId: Uint8Array, account: Account, kept: KeptEra): readonly Uint8Array[] {
  return labelsOf(groupId, account, kept).map(({ label }) => label);
}

function labelsOf(groupId: Uint8Array, account: Account, { era, labelKey }: KeptEra): readonly OwnLabel[] {
  const owner = { kind: "account", identityKey: account.identityKey } as const;
  return account.boxKeys().flatMap((boxKeys) => {
    try {
      return [{ era, boxKeys, label: boxLabel(boxKeys.label, labelKey, owner, groupId, era) }];
    } catch {
      // A label key of low order: the server shows something that no client made.
      return [];
    }
  });
}

function opened(box: Uint8Array, groupId: Uint8Array, era: number, { box: pair }: BoxKeys): EraKeys | null {
  try {
    return openBox(box, groupId, era, pair);
  } catch (error) {
    if (error instanceof OpenError) return null;
    throw error;
  }
}
