/**
 * `@unionhall/crypto/verify`: what a server needs, and nothing that seals, opens, boxes or derives keys.
 */
export { compareBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "./primitives/bytes.ts";
export * from "./primitives/encoding.ts";
export { EncodingError, type EncodingReason, SignatureError } from "./primitives/errors.ts";
export { labelledHash } from "./primitives/labelled-hash.ts";
export {
  encodeSigned,
  isSignedBy,
  openSigned,
  parseSigned,
  type Signed,
  SIGNED_OVERHEAD_BYTES,
} from "./primitives/signed.ts";
export { SIGNATURE_BYTES, SIGNING_PUBLIC_KEY_BYTES, verifySignature } from "./primitives/verify-signature.ts";
export { ACCOUNT_ID_BYTES, accountIdOf } from "./account/account-id.ts";
export {
  type RegisteredAccount,
  type Registration,
  type RegistrationRefusal,
  registrationStructure,
  type RegistrationVerdict,
  verifyRegistration,
} from "./account/registration.ts";
export { CHALLENGE_BYTES, type SignIn, signInStructure, verifySignIn } from "./account/sign-in.ts";
export {
  type BoxKey,
  boxKeyForm,
  boxKeyHash,
  type BareStatement,
  bareStatement,
  type BareStatementVerdict,
  type DeviceDetails,
  deviceDetailsForm,
  deviceDetailsHash,
  MAX_STATEMENTS,
  type Statement,
  type StatementContent,
  type StatementFact,
  statementForGroups,
  statementForm,
  type StatementRefusal,
  statementStructure,
  type StatementVerdict,
  type StatementWire,
  verifyBareStatement,
  verifyStatement,
} from "./account/statements.ts";
export { entryHash, type EntryWire, type SealedEntry, sealedEntryStructure } from "./group/entry-wire.ts";
export {
  PASS_NONCE_BYTES,
  type PassChallenge,
  passChallengeStructure,
  verifyPassAnswer,
} from "./group/pass-challenge.ts";
export { boxHash, linkHash } from "./group/stored-hashes.ts";
export {
  type StewardCommand,
  stewardCommandStructure,
  stewardListCodec,
  type StewardOperation,
  type StewardOperationKind,
  verifyStewardCommand,
} from "./group/steward-command.ts";
export {
  RECORD_ID_BYTES,
  RECORD_MAX_SEALED_BYTES,
  RECORD_MIN_BODY_BYTES,
  recordBodyHash,
  type RecordFields,
  recordHash,
  type RecordRemnant,
  recordRemnant,
  remnantHash,
  splitSealed,
  STUB_BYTES,
  toRemnant,
  type WireRecord,
  wireRecord,
} from "./records/record-wire.ts";
export {
  INVITE_SECRET_BYTES,
  type InviteLink,
  inviteLinkText,
  type LinkRefusal,
  type ParsedLink,
  parseLink,
  type SetupLink,
  setupLinkText,
} from "./invites/invite-link.ts";
export { type MailboxRead, mailboxReadStructure, verifyMailboxRead } from "./invites/mailbox-read.ts";
