import * as fc from "fast-check";
import { expect, test } from "vitest";
import { statementsOf } from "../account/account-state.ts";
import type { Admission, InviteKeys } from "../group/operations.ts";
import { box, boxKeyPair, randomBoxSeed } from "../primitives/box.ts";
import { toHex } from "../primitives/bytes.ts";
import { bytes, encode, encodeWithin, struct, structure } from "../primitives/encoding.ts";
import { EncodingError } from "../primitives/errors.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { pad } from "../primitives/padding.ts";
import { seal } from "../primitives/seal.ts";
import { sign, signingKeyPair } from "../primitives/sign.ts";
import { toUtf8 } from "../primitives/utf8.ts";
import { stateWith, testAccount, testBoxKey, testDevice, testRevocation } from "../testing/accounts.ts";
import { bitFlips } from "../testing/cbor-mutations.ts";
import { bytesOf, testCodec, testStructure, testTamperProof, textOf } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { boxDeskKeys, deskHandoverLabel, deskKeysStructure, newDeskKeys, openDeskKeys } from "./desk-keys.ts";
import { inviteLinkText, setupLinkText } from "./invite-link.ts";
import {
  joinCheckInput,
  joinRequestStructure,
  judgeRequest,
  openRequest,
  type OpenedRequest,
  REQUEST_MAX_BYTES,
  sealRequest,
  signedRequestForm,
} from "./join-request.ts";
import { linkKeys } from "./link-keys.ts";
import { mailboxReadStructure, verifyMailboxRead } from "./mailbox-read.ts";
import { inviteFault } from "./make-invite.ts";
import {
  MAX_PREVIEW_TICKETS,
  type OpenedPreview,
  type Preview,
  openPreview,
  previewStructure,
  sealPreview,
  secretOf,
} from "./preview.ts";
import { refusalLabel, refusalNote } from "./request-refusal.ts";
import { ana, bongani, groupId, groupWith, guest, inviteOf, inviteTime, requestOf } from "./testing/invite-world.ts";

const made = inviteOf();
const place = { groupId, inviteId: made.keys.inviteId };

function previewReason(result: OpenedPreview): string {
  return result.kind === "refused" ? result.reason : result.kind;
}

test("whoever holds the link opens the preview and finds what the inviter put there", () => {
  expect(openPreview(made.sealedPreview, groupId, made.secret)).toStrictEqual({
    kind: "opened",
    preview: made.preview,
  });
});

test("without the link, or under another group, the preview stays shut", () => {
  expect(previewReason(openPreview(made.sealedPreview, groupId, new Uint8Array(16)))).toBe("forged");
  expect(previewReason(openPreview(made.sealedPreview, labelledHash("other"), made.secret))).toBe("forged");
  expect(previewReason(openPreview(inviteOf({}, "other").sealedPreview, groupId, made.secret))).toBe("forged");
});

/** What any holder of a link to this group, with this secret, can seal for the server to show. */
function sealedByHolder(group: Uint8Array, secret: Uint8Array, preview: Preview): Uint8Array {
  const header = encode(structure("preview-header", 64, { groupId: bytes(32) }), { groupId: group });
  return seal(pad(encode(previewStructure, preview)), header, linkKeys(group, secret).previewKey, new Uint8Array(24));
}

test("another holder of the link cannot put another preview in its place", () => {
  const shown = (preview: Preview) => openPreview(sealedByHolder(groupId, made.secret, preview), groupId, made.secret);
  expect(previewReason(shown(made.preview))).toBe("opened");
  expect(previewReason(shown({ ...made.preview, groupName: "Strike committee" }))).toBe("not-this-link");
});

test("a link that was made to lead to another group than its preview's is refused", () => {
  const elsewhere = labelledHash("look-alike group");
  const sealed = sealedByHolder(elsewhere, made.secret, made.preview);
  expect(previewReason(openPreview(sealed, elsewhere, made.secret))).toBe("not-this-link");
});

test("every change of a preview makes another link", () => {
  const secrets = [
    made.preview,
    { ...made.preview, groupName: "X" },
    { ...made.preview, rules: { history: "from-joining", retentionDays: null } as const },
    { ...made.preview, tickets: [] },
    { ...made.preview, random: labelledHash("r") },
  ].map((preview) => toHex(secretOf(preview)));
  expect(new Set(secrets).size).toBe(5);
});

test("a preview carries up to 2,000 tickets within what the server takes, and not one more", () => {
  const tickets = Array.from({ length: MAX_PREVIEW_TICKETS }, (_, index) => labelledHash("ticket", index));
  const large = { ...made.preview, uses: 5_000, tickets };
  expect(sealPreview(large).length).toBeLessThanOrEqual(128 * 1024);
  expect(() => sealPreview({ ...large, tickets: [...tickets, labelledHash("more")] })).toThrow(EncodingError);
});

test("each thing derived from the secret is another, and none is the secret", () => {
  const { inviteId, previewKey, requestKey, boxKey, labelKey, deskId, deskWriteToken } = made.keys;
  const all = [
    inviteId,
    previewKey,
    requestKey.secretKey,
    boxKey.secretKey,
    labelKey.secretKey,
    deskId,
    deskWriteToken,
  ];
  const prefixes = [...all, made.secret].map((one) => toHex(one.slice(0, 16)));
  expect(new Set(prefixes).size).toBe(8);
  expect(linkKeys(labelledHash("other group"), made.secret).deskId).not.toStrictEqual(deskId);
});

test("the invite on the chain holds public halves only", () => {
  const shown = JSON.stringify(inviteOf({ admission: "instant" }).operation, (_, value: unknown) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );
  const { keys, deskKeys, secret } = inviteOf({ admission: "instant" });
  for (const hidden of [
    secret,
    keys.previewKey,
    keys.deskWriteToken,
    keys.requestKey.secretKey.slice(0, 32),
    keys.boxKey.secretKey,
    keys.labelKey.secretKey,
    deskKeys.boxKey.secretKey,
    deskKeys.readKey.secretKey.slice(0, 32),
  ]) {
    expect(shown).not.toContain(toHex(hidden));
  }
  expect(shown).toContain(toHex(keys.boxKey.publicKey));
});

test("an invite with approval has no box key of its own", () => {
  expect(made.operation.admission).toStrictEqual({ kind: "approval" });
});

test("each facilitator opens the desk's keys, also with an older box key among the newer ones", () => {
  const newer = testBoxKey("newer", 1).box;
  for (const one of [ana, bongani]) {
    const keys = openDeskKeys(made.operation.desk, place, one.keys.identity.publicKey, [newer, one.boxKey.box]);
    expect(keys).toStrictEqual(made.deskKeys);
  }
});

test("a guest, a member who is no facilitator, and another holder of the link cannot open the desk's keys", () => {
  const { desk } = made.operation;
  expect(openDeskKeys(desk, place, guest.keys.identity.publicKey, [guest.boxKey.box])).toBeNull();
  expect(openDeskKeys(desk, place, ana.keys.identity.publicKey, [guest.boxKey.box])).toBeNull();
  const linkKey = made.keys.boxKey;
  expect(openDeskKeys(desk, place, ana.keys.identity.publicKey, [linkKey])).toBeNull();
});

test("desk keys of another invite, moved here, are not taken", () => {
  const other = inviteOf({}, "other");
  const moved = { ...made.operation.desk, boxes: other.operation.desk.boxes };
  expect(openDeskKeys(moved, place, ana.keys.identity.publicKey, [ana.boxKey.box])).toBeNull();
  const wrongHalves = { ...made.operation.desk, readKey: other.operation.desk.readKey };
  expect(openDeskKeys(wrongHalves, place, ana.keys.identity.publicKey, [ana.boxKey.box])).toBeNull();
});

test("a facilitator with a malformed box key is left out, and the others are served", () => {
  const broken = { identityKey: bongani.keys.identity.publicKey, boxKey: new Uint8Array(1_216).fill(0xff) };
  const good = { identityKey: ana.keys.identity.publicKey, boxKey: ana.boxKey.public.publicKey };
  const boxes = boxDeskKeys(newDeskKeys(seededRandom("d")), place, [broken, good], seededRandom("b"));
  expect(boxes.map(({ facilitator }) => facilitator)).toStrictEqual([good.identityKey]);
});

const instant = inviteOf({ admission: "instant" });

/** The instant invite's admission with another key. */
function instantWith(changes: Partial<InviteKeys>): Admission {
  const { keys } = instant;
  const own = { boxKey: keys.boxKey.publicKey, labelKey: keys.labelKey.publicKey };
  return { kind: "instant", keys: { ...own, ...changes } };
}

test("the chain's invite is the link's where every key and term agrees", () => {
  expect(inviteFault(groupWith(made), made.keys, made.preview, inviteTime)).toBeNull();
  expect(inviteFault(groupWith(instant), instant.keys, instant.preview, inviteTime)).toBeNull();
});

test("a chain without this invite, or with one that differs in any key or term, is not the group of the link", () => {
  const { operation } = instant;
  const other = inviteOf({ admission: "instant" }, "other").operation;
  expect(inviteFault(groupWith(inviteOf({}, "other")), made.keys, made.preview, inviteTime)).toBe("not-in-chain");
  for (const change of [
    { requestKey: other.requestKey },
    { admission: other.admission },
    { admission: { kind: "approval" } },
    { admission: instantWith({ labelKey: other.requestKey }) },
    { admission: instantWith({ boxKey: other.desk.boxKey }) },
    { maker: bongani.keys.identity.publicKey },
    { expiry: operation.expiry + 1 },
    { uses: operation.uses + 1 },
    { presets: { ...operation.presets, role: "facilitator" } },
    { presets: { ...operation.presets, union: "Other" } },
    { presets: { ...operation.presets, language: "fr" } },
    { presets: { ...operation.presets, note: "Other" } },
    { desk: { ...operation.desk, boxKey: other.desk.boxKey } },
    { desk: { ...operation.desk, readKey: other.desk.readKey } },
    { desk: { ...operation.desk, mailboxId: other.desk.mailboxId } },
  ] as const) {
    expect(inviteFault(groupWith(instant, change), instant.keys, instant.preview, inviteTime)).toBe(
      "differs-from-preview",
    );
  }
});

test("an ended, spent or expired invite lets nobody in, by the guest's clock or a facilitator's", () => {
  const fault = (group = groupWith(made), now = inviteTime) => inviteFault(group, made.keys, made.preview, now);
  expect(fault(groupWith(made, { ended: { index: 9, cause: "removal" } }))).toBe("ended");
  expect(fault(groupWith(made, { ended: { index: 9, cause: "spent" } }))).toBe("spent");
  expect(fault(groupWith(made), made.preview.expiry - 1)).toBeNull();
  expect(fault(groupWith(made), made.preview.expiry)).toBe("expired");
  expect(fault({ ...groupWith(made), facilitatorTime: made.preview.expiry })).toBe("expired");
});

function ask(request = requestOf(made), device = guest.device.signing, by = made): Uint8Array {
  return sealRequest(request, by.keys, device, made.preview.deskBoxKey, seededRandom("ask")).sealed;
}

function opened(sealed: Uint8Array): OpenedRequest {
  return openRequest(sealed, made.deskKeys.boxKey, place, made.operation.requestKey);
}

function requestReason(sealed: Uint8Array): string {
  const result = opened(sealed);
  return result.kind === "refused" ? result.reason : result.kind;
}

test("a facilitator reads a guest's request, and both know it by the same id", () => {
  const request = requestOf(made, { note: "We met in Geneva.", union: "PSI" });
  const sent = sealRequest(request, made.keys, guest.device.signing, made.preview.deskBoxKey, seededRandom("ask"));
  const result = opened(sent.sealed);
  expect(result.kind).toBe("opened");
  if (result.kind !== "opened") return;
  expect(result.request).toStrictEqual(request);
  expect(result.requestId).toStrictEqual(sent.requestId);
  expect(result.account.boxKey).toStrictEqual(guest.boxKey.public);
});

test("other guests who hold the link cannot read it", () => {
  expect(openRequest(ask(), made.keys.boxKey, place, made.operation.requestKey)).toStrictEqual({
    kind: "refused",
    reason: "forged",
  });
});

test("a request by somebody without the link is refused", () => {
  expect(requestReason(ask(requestOf(made), guest.device.signing, inviteOf({}, "other")))).toBe("not-by-link");
});

test("nobody asks in another's name: the device must sign too", () => {
  expect(requestReason(ask(requestOf(made), signingKeyPair(labelledHash("thief"))))).toBe("not-by-device");
});

test("a request for another invite or group is refused", () => {
  expect(requestReason(ask(requestOf(made, { inviteId: labelledHash("i").slice(0, 16) })))).toBe("forged");
  const elsewhere = openRequest(
    ask(),
    made.deskKeys.boxKey,
    { ...place, groupId: labelledHash("g") },
    made.operation.requestKey,
  );
  expect(elsewhere).toStrictEqual({ kind: "refused", reason: "forged" });
});

test("a request signed for another invite, boxed for this one, is refused", () => {
  const header = structure("join-request-header", 128, { groupId: bytes(32), inviteId: bytes(16) });
  const form = struct({ payload: bytes({ max: 30_000 }), byLink: bytes(64), byDevice: bytes(64) });
  const moved = (changes: object): string => {
    const payload = encode(joinRequestStructure, { ...requestOf(made), ...changes });
    const byLink = sign(payload, made.keys.requestKey.secretKey);
    const wire = encodeWithin(
      form,
      { payload, byLink, byDevice: sign(payload, guest.device.signing.secretKey) },
      30_000,
    );
    const seed = randomBoxSeed(seededRandom("moved"));
    return requestReason(box("guest", pad(wire), encode(header, place), made.preview.deskBoxKey, seed));
  };
  expect(moved({})).toBe("opened");
  expect(moved({ inviteId: new Uint8Array(16) })).toBe("other-invite");
  expect(moved({ groupId: new Uint8Array(32) })).toBe("other-invite");
});

test("statements of another account, forged ones and missing box keys are refused", () => {
  const strangers = statementsOf(testAccount("stranger").state);
  expect(requestReason(ask(requestOf(made, { statements: strangers })))).toBe("bad-statement");
  const [own] = requestOf(made).statements;
  if (own === undefined) throw new Error("no statement");
  const forged = { ...own, signature: new Uint8Array(64) };
  expect(requestReason(ask(requestOf(made, { statements: [forged] })))).toBe("bad-statement");
  expect(requestReason(ask(requestOf(made, { statements: [{ ...own, boxKey: null }] })))).toBe("bad-statement");
});

test("a revoked device, one of no account, and another box key than the newest are refused", () => {
  const newer = testBoxKey("guest/box-key-1", 1).public;
  const revoked = stateWith(guest.state, testRevocation(guest.keys, guest.device, newer));
  expect(requestReason(ask(requestOf(made, { statements: statementsOf(revoked) })))).toBe("device-not-live");
  const loose = signingKeyPair(labelledHash("loose device"));
  expect(requestReason(ask(requestOf(made, { device: loose.publicKey }), loose))).toBe("device-not-live");
  const second = testDevice(guest.keys, "guest/device-1", newer);
  const grown = stateWith(guest.state, second.statement);
  expect(requestReason(ask(requestOf(made, { statements: statementsOf(grown) })))).toBe("other-box-key");
});

test("check words differ for another desk, guest or request, and agree on both sides", () => {
  const result = opened(ask());
  if (result.kind !== "opened") throw new Error("not opened");
  const { boxKey, readKey } = made.operation.desk;
  const shown = { boxKey: made.preview.deskBoxKey, readKey: made.preview.deskReadKey };
  const { request, requestId } = result;
  const own = toHex(joinCheckInput(shown, requestOf(made), requestId));
  expect(toHex(joinCheckInput({ boxKey, readKey }, request, requestId))).toBe(own);
  const others = [
    joinCheckInput({ boxKey: boxKeyPair(labelledHash("d")).publicKey, readKey }, request, requestId),
    joinCheckInput({ boxKey, readKey: labelledHash("r") }, request, requestId),
    joinCheckInput(shown, { ...request, identityKey: labelledHash("i") }, requestId),
    joinCheckInput(shown, { ...request, device: labelledHash("i") }, requestId),
    joinCheckInput(shown, { ...request, boxKeyHash: labelledHash("i") }, requestId),
    joinCheckInput(shown, request, labelledHash("q")),
  ].map(toHex);
  expect(new Set([own, ...others]).size).toBe(7);
});

test("a request fits into an item of a mailbox with twelve devices, and says when it does not", () => {
  const statement = requestOf(made).statements[0];
  if (statement === undefined) throw new Error("no statement");
  const many = (count: number) => requestOf(made, { statements: Array.from({ length: count }, () => statement) });
  expect(ask(many(12)).length).toBeLessThanOrEqual(32 * 1024);
  expect(() => ask(many(40))).toThrow(new EncodingError("too-large"));
});

const readKey = signingKeyPair(labelledHash("read key"));
const read = { origin: "https://hall.example", mailboxId: made.keys.deskId, challenge: labelledHash("challenge") };
const signature = sign(encode(mailboxReadStructure, read), readKey.secretKey);

test("the read key's answer is good for this hall, mailbox and challenge alone", () => {
  expect(verifyMailboxRead(read, readKey.publicKey, signature)).toBe(true);
  expect(verifyMailboxRead({ ...read, origin: "https://evil.example" }, readKey.publicKey, signature)).toBe(false);
  expect(verifyMailboxRead({ ...read, mailboxId: new Uint8Array(16) }, readKey.publicKey, signature)).toBe(false);
  expect(verifyMailboxRead({ ...read, challenge: labelledHash("c") }, readKey.publicKey, signature)).toBe(false);
  expect(verifyMailboxRead(read, labelledHash("another key"), signature)).toBe(false);
});

const line = textOf(100).filter((value) => value.length > 0);
const count = fc.nat({ max: 2 ** 40 });
testStructure("preview", previewStructure, {
  values: fc.record({
    random: bytesOf(32),
    groupId: bytesOf(32),
    groupName: line,
    inviterName: line,
    inviter: bytesOf(32),
    rules: fc.record({
      history: fc.constantFrom("all", "from-joining"),
      retentionDays: fc.option(fc.integer({ min: 1, max: 3_650 })),
    }),
    admission: fc.constantFrom("approval", "instant"),
    expiry: count,
    uses: fc.integer({ min: 1, max: 5_000 }),
    presets: fc.record({
      role: fc.constantFrom("member", "facilitator"),
      union: fc.option(line),
      language: fc.option(fc.constantFrom("fr", "ar")),
      note: fc.option(line),
    }),
    deskBoxKey: bytesOf(1_216),
    deskReadKey: bytesOf(32),
    tickets: fc.array(bytesOf(32), { maxLength: 4 }),
  }),
  smallest: { ...made.preview, tickets: [] },
  runs: 25,
});
testStructure("join request", joinRequestStructure, {
  values: fc.record({
    groupId: bytesOf(32),
    inviteId: bytesOf(16),
    identityKey: bytesOf(32),
    device: bytesOf(32),
    boxKeyHash: bytesOf(32),
    stewardKey: bytesOf(32),
    statements: fc.constant(requestOf(made).statements),
    name: line,
    union: fc.option(line),
    language: fc.option(fc.constantFrom("fr", "ar")),
    note: textOf(300),
    time: count,
  }),
  smallest: requestOf(made, {
    statements: [{ payload: new Uint8Array(), signature: new Uint8Array(64), boxKey: null, details: null }],
  }),
  runs: 25,
});
testStructure("mailbox read", mailboxReadStructure, {
  values: fc.record({ origin: fc.constant("https://hall.example"), mailboxId: bytesOf(16), challenge: bytesOf(32) }),
  smallest: read,
});

const small = inviteOf({ tickets: [] });
testTamperProof("sealed preview", {
  example: () => small.sealedPreview,
  open: (sealed) => openPreview(sealed, groupId, small.secret),
  isRefusal: ({ kind }) => kind === "refused",
});
testTamperProof("boxed request", {
  example: () => ask(),
  open: opened,
  isRefusal: ({ kind }) => kind === "refused",
});

const smallRequest = encode(joinRequestStructure, requestOf(made, { name: "G", language: null }));
const signedSmallRequest = {
  payload: smallRequest,
  byLink: sign(smallRequest, made.keys.requestKey.secretKey),
  byDevice: sign(smallRequest, guest.device.signing.secretKey),
};
const judged = (wire: Uint8Array): OpenedRequest => judgeRequest(wire, place, made.operation.requestKey);
testTamperProof("signed request inside its box", {
  example: () => encodeWithin(signedRequestForm, signedSmallRequest, REQUEST_MAX_BYTES),
  open: judged,
  isRefusal: ({ kind }) => kind === "refused",
});

test("a request with either of its signatures changed is refused for that one", () => {
  for (const [name, reason] of [
    ["byLink", "not-by-link"],
    ["byDevice", "not-by-device"],
  ] as const) {
    const verdicts = bitFlips(signedSmallRequest[name]).map(({ bytes: changed }) =>
      judged(encodeWithin(signedRequestForm, { ...signedSmallRequest, [name]: changed }, REQUEST_MAX_BYTES)),
    );
    expect(verdicts).toStrictEqual(verdicts.map(() => ({ kind: "refused", reason })));
    expect(verdicts.length).toBe(512);
  }
});

testCodec("signed request", signedRequestForm, REQUEST_MAX_BYTES, {
  values: fc.record({ payload: bytesOf({ min: 0, max: 400 }), byLink: bytesOf(64), byDevice: bytesOf(64) }),
  smallest: { payload: new Uint8Array(), byLink: new Uint8Array(64), byDevice: new Uint8Array(64) },
});
testStructure("desk keys", deskKeysStructure, {
  values: fc.record({ boxSeed: bytesOf(32), readSeed: bytesOf(32) }),
  smallest: { boxSeed: new Uint8Array(32), readSeed: new Uint8Array(32) },
});

const [deskBox] = made.operation.desk.boxes;
testTamperProof("boxed desk keys", {
  example: () => deskBox?.box ?? new Uint8Array(),
  open: (boxed) => {
    const boxes = [{ facilitator: ana.keys.identity.publicKey, box: boxed }];
    const desk = { ...made.operation.desk, boxes };
    return openDeskKeys(desk, place, ana.keys.identity.publicKey, [ana.boxKey.box]);
  },
  isRefusal: (keys) => keys === null,
});
testTamperProof("answer to a mailbox challenge", {
  example: () => signature,
  open: (answer) => verifyMailboxRead(read, readKey.publicKey, answer),
  isRefusal: (good) => !good,
});

const signedRequest = sealRequest(
  requestOf(made),
  made.keys,
  guest.device.signing,
  made.preview.deskBoxKey,
  seededRandom("ask"),
);
frozenVectors("invites", {
  secret: () => made.secret,
  "sealed preview": () => made.sealedPreview,
  "invite id": () => made.keys.inviteId,
  "preview key": () => made.keys.previewKey,
  "request public key": () => made.keys.requestKey.publicKey,
  "instant box public key": () => instant.keys.boxKey.publicKey,
  "instant label public key": () => instant.keys.labelKey.publicKey,
  "desk id": () => made.keys.deskId,
  "desk write token": () => made.keys.deskWriteToken,
  "boxed desk keys": () => deskBox?.box ?? new Uint8Array(),
  "label of handed-on desk keys": () => deskHandoverLabel(labelledHash("era key"), made.keys.inviteId, groupId),
  "label of a refusal": () => refusalLabel(signedRequest.requestId, groupId),
  "note of a refusal": () => refusalNote(signedRequest.requestId, groupId),
  "invite link": () => toUtf8(inviteLinkText({ origin: "https://hall.example", groupId, secret: made.secret })),
  "setup link": () => toUtf8(setupLinkText({ origin: "http://localhost:8080", secret: made.secret })),
  "boxed request": () => signedRequest.sealed,
  "request id": () => signedRequest.requestId,
  "check words input": () => joinCheckInput(made.operation.desk, requestOf(made), signedRequest.requestId),
  "signed mailbox challenge": () => encode(mailboxReadStructure, read),
  "answer to a mailbox challenge": () => signature,
});
