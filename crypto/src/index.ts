/** `@unionhall/crypto`: bytes in, bytes out. No network, storage, clock or randomness of its own. */
export * from "./verify.ts";
export { ascii, concat, type Random } from "./primitives/bytes.ts";
export {
  box,
  BOX_OVERHEAD_BYTES,
  BOX_PUBLIC_KEY_BYTES,
  BOX_SECRET_KEY_BYTES,
  type BoxKeyPair,
  boxKeyPair,
  type BoxPurpose,
  type BoxSeed,
  ENCAPSULATION_SEED_BYTES,
  isUsableBoxKey,
  randomBoxSeed,
  unbox,
} from "./primitives/box.ts";
export { KeyError, OpenError, type OpenReason } from "./primitives/errors.ts";
export { deriveKey } from "./primitives/kdf.ts";
export { isUsableLabelKey, labelAgreement, type LabelKeyPair, labelKeyPair } from "./primitives/label-key.ts";
export { pad, paddedLength, unpad } from "./primitives/padding.ts";
export { isSealedWith, open, seal, SEAL_KEY_BYTES, SEAL_NONCE_BYTES, SEAL_OVERHEAD_BYTES } from "./primitives/seal.ts";
export { sign, signingKeyPair, type SigningKeyPair, signStructure, signToWire } from "./primitives/sign.ts";
export { fromUtf8, toUtf8, utf8Length } from "./primitives/utf8.ts";
export {
  type AccountRefusal,
  type AccountState,
  type AccountUpdate,
  addStatements,
  type Device,
  emptyAccount,
  isLiveDevice,
  liveDevices,
  MAX_PER_ACCOUNT,
  nextGeneration,
  statementsOf,
} from "./account/account-state.ts";
export { newRoot, ROOT_BYTES, type RootKeys, rootKeys } from "./account/root.ts";
export { signDeviceStatement, signRevokeStatement } from "./account/sign-statements.ts";
export { type Entry, entryStructure, groupIdOf, sealEntry, signEntry } from "./group/entry.ts";
export { boxLabel, BOX_LABEL_BYTES, type BoxOwner, requestLabel } from "./group/box-labels.ts";
export { type BoxRecipient, boxRecipients, boxRecipientsOfEntry, erasWithBoxes } from "./group/box-recipients.ts";
export {
  ERA_BOX_BYTES,
  type LabelledBox,
  labelFor,
  type MadeBoxes,
  makeBox,
  makeBoxes,
  openBox,
} from "./group/boxes.ts";
export {
  eraCommitment,
  type EraDifference,
  eraDifferences,
  type EraKeys,
  eraKeysOf,
  firstEra,
  isContentKeyOf,
  nextEra,
  type ServerEra,
  serverEraDifferences,
} from "./group/era.ts";
export { ERA_DELAY_MILLISECONDS, type EraDue, eraDueAt, erasCut, invitesToEnd } from "./group/era-due.ts";
export {
  chainKeyBefore,
  contentKeyBefore,
  type EraLink,
  eraLinkCodec,
  holdsLink,
  makeChainPart,
  makeContentPart,
  makeEraLink,
} from "./group/era-link.ts";
export { admissionsOf, continuationOf, continuesGroup } from "./group/found-anew.ts";
export { type Applied, applyEntry, type Refused, type Sender } from "./group/group-chain.ts";
export { GroupKeyError } from "./group/group-errors.ts";
export { inviteOf, isInstant, liveInstantInvites } from "./group/invite-state.ts";
export { joinClaim, type JoinClaim } from "./group/membership.ts";
export { signPassChallenge } from "./group/pass.ts";
export {
  type Act,
  type ActKeys,
  type EntryAuthor,
  type EntryRequest,
  type Founding,
  needsSteward,
  type Proposal,
  proposeEntry,
  proposeFounding,
  sealEntryRequest,
  type StewardSigner,
  type Unproposable,
} from "./group/proposal.ts";
export { boxesStayGood } from "./group/races.ts";
export { decodeGroupState, encodeGroupState } from "./group/state-codec.ts";
export {
  newStewardSeed,
  signStewardCommand,
  stewardKeyPair,
  type StewardOrder,
  stewardSeedAfter,
} from "./group/steward.ts";
export { sameStewards, stewardListOf } from "./group/steward-list.ts";
export { type GroupKeys, groupKeys } from "./group/group-keys.ts";
export {
  accountOf,
  type BindingWords,
  emptyGroup,
  type EraDueReason,
  type GroupAccount,
  type GroupBoxKey,
  type GroupDevice,
  type GroupEra,
  type GroupInvite,
  type GroupState,
  headOf,
  isFacilitator,
  isIn,
  membersOf,
  newestEra,
  roleOf,
} from "./group/group-state.ts";
export type {
  Admission,
  Continues,
  Desk,
  DeviceWords,
  History,
  InviteKeys,
  LastWords,
  Operation,
  OperationKind,
  OperationOf,
  Presets,
  Role,
  Rules,
  WordsHead,
} from "./group/operations.ts";
export type { RefusalReason } from "./group/refusals.ts";
export {
  deviceAt,
  deviceLiveAt,
  type DeviceStanding,
  eraAt,
  facilitatorAt,
  isOnChain,
  lastWordsFor,
  standingAt,
  type WordsFor,
} from "./group/standing.ts";
export { afterEntries, judgeRecord, judgeRecords } from "./records/judge-record.ts";
export {
  type FileReference,
  type HandedOn,
  isKnownKind,
  KIND_LIMITS,
  type KindPlace,
  type KnownBody,
  pieceOf,
  placeOfKind,
  type RecordBody,
  type RecordKind,
  type UnknownBody,
} from "./records/kinds.ts";
export { NO_PREVIOUS, type Previous, SEEN_MAX, type SignedContent, type Stub } from "./records/record-content.ts";
export {
  type BodyFacts,
  factsOfRecord,
  factsOfRemnant,
  type OpenFacts,
  type RecordFacts,
  type StubFacts,
} from "./records/record-facts.ts";
export { recordIdOf, type RecordKeys, stateTarget } from "./records/record-keys.ts";
export { type MissingRecord, RecordSet } from "./records/record-set.ts";
export type {
  OpenedRecord,
  OpenedStub,
  RecordDraft,
  RecordRefusal,
  SealedRecord,
  SealRefusal,
  StubRefusal,
} from "./records/record-types.ts";
export { openRecord, openStub, roomForText, sealRecord } from "./records/record.ts";
export type { ClosedReason, Mark, RefusedReason, Verdict, WaitingReason } from "./records/verdict.ts";
export { type CheckPurpose, checkWords } from "./account/check-words.ts";
export {
  calibrateLock,
  LOCAL_KEY_BYTES,
  type LockCost,
  type LockRefusal,
  type LockVerdict,
  makeDeviceLock,
  openDeviceLock,
  openLockedRoot,
} from "./account/device-lock.ts";
export { mergeVaults, type VaultMerge } from "./account/merge-vaults.ts";
export {
  parseRecoveryPhrase,
  PHRASE_LANGUAGES,
  PHRASE_WORDS,
  type PhraseLanguage,
  type PhraseVerdict,
  recoveryPhrase,
} from "./account/recovery-phrase.ts";
export {
  type OpenedVault,
  openVault,
  sealVault,
  VAULT_MAX_BYTES,
  type VaultExpectation,
  vaultHash,
  type VaultRefusal,
  type VaultVerdict,
} from "./account/vault.ts";
export {
  type BoxSecrets,
  emptyVaultContent,
  type PendingJoin,
  type Setting,
  type VaultContent,
  type VaultGroup,
  type VaultInvite,
  type VaultProfile,
} from "./account/vault-content.ts";
export { addVaultRecipient, newVaultKey, type VaultKey } from "./account/vault-key.ts";
export {
  boxDeskKeys,
  type DeskKeys,
  type DeskRecipient,
  type InvitePlace,
  deskHandoverLabel,
  openDeskKeys,
} from "./invites/desk-keys.ts";
export {
  joinCheckInput,
  type JoinRequest,
  type OpenedRequest,
  openRequest,
  type RequestRefusal,
  type SealedRequest,
  sealRequest,
} from "./invites/join-request.ts";
export { type LinkKeys, linkKeys } from "./invites/link-keys.ts";
export { type InviteFault, inviteFault, type InvitePlan, type MadeInvite, makeInvite } from "./invites/make-invite.ts";
export {
  MAX_PREVIEW_TICKETS,
  type OpenedPreview,
  openPreview,
  type Preview,
  type PreviewRefusal,
} from "./invites/preview.ts";
export { refusalLabel, refusalNote } from "./invites/request-refusal.ts";
export { lastWordsOf } from "./records/state-last-words.ts";
