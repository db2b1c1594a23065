/** Everything that follows from an invite's secret (protocol section 7): each holder of the link can derive it. */
import { type BoxKeyPair, boxKeyPair } from "../primitives/box.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { type LabelKeyPair, labelKeyPair } from "../primitives/label-key.ts";
import { type SigningKeyPair, signingKeyPair } from "../primitives/sign.ts";

export interface LinkKeys {
  /** 16 bytes: by which the chain knows the invite. */
  readonly inviteId: Uint8Array;
  /** 32 bytes: seals the preview. */
  readonly previewKey: Uint8Array;
  /** Signs requests and joins: whoever signs with it holds the link. */
  readonly requestKey: SigningKeyPair;
  /** To which an instant invite receives each era's key. */
  readonly boxKey: BoxKeyPair;
  /** From which the label of that box is computed. */
  readonly labelKey: LabelKeyPair;
  /** 16 bytes: the mailbox where requests are left and the sealed preview lies. */
  readonly deskId: Uint8Array;
  /** 32 bytes: leaves items there. */
  readonly deskWriteToken: Uint8Array;
}

/** Derives an invite's keys. `groupId` 32 bytes, `secret` 16 bytes, as the link holds them. */
export function linkKeys(groupId: Uint8Array, secret: Uint8Array): LinkKeys {
  const derive = (purpose: string): Uint8Array => deriveKey(secret, `invite-${purpose}`, groupId);
  return {
    inviteId: derive("id").slice(0, 16),
    previewKey: derive("preview"),
    requestKey: signingKeyPair(derive("request")),
    boxKey: boxKeyPair(derive("box")),
    labelKey: labelKeyPair(derive("label")),
    deskId: derive("desk").slice(0, 16),
    deskWriteToken: derive("desk-write"),
  };
}
