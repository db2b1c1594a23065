import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toBase64Url } from "../primitives/bytes.ts";
import { EncodingError } from "../primitives/errors.ts";
import { bytesOf } from "../testing/codec-laws.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { inviteLinkText, parseLink, setupLinkText } from "./invite-link.ts";

const random = seededRandom("links");
const origin = "https://hall.example";
const groupId = random(32);
const secret = random(16);
const link = inviteLinkText({ origin, groupId, secret });

function reason(text: string): string {
  const parsed = parseLink(text);
  return parsed.kind === "refused" ? parsed.reason : parsed.kind;
}

test("an invite link says where, to which group, and by what secret", () => {
  expect(parseLink(link)).toStrictEqual({ kind: "invite", origin, groupId, secret });
  expect(link.startsWith("https://hall.example/join#")).toBe(true);
});

test("a setup link says where, and by what secret of 16 to 32 bytes", () => {
  for (const length of [16, 24, 32]) {
    const own = random(length);
    const text = setupLinkText({ origin: "http://localhost:8080", secret: own });
    expect(text.startsWith("http://localhost:8080/setup#")).toBe(true);
    expect(parseLink(text)).toStrictEqual({ kind: "setup", origin: "http://localhost:8080", secret: own });
  }
});

test("everything secret stands behind the #, where no server sees it", () => {
  const [before = "", after = ""] = link.split("#");
  expect(before).toBe("https://hall.example/join");
  expect(after.length).toBe(66);
});

test("links of any group and secret are read again", () => {
  const property = fc.property(bytesOf(32), bytesOf(16), (group, own) => {
    expect(parseLink(inviteLinkText({ origin, groupId: group, secret: own }))).toStrictEqual({
      kind: "invite",
      origin,
      groupId: group,
      secret: own,
    });
  });
  fc.assert(property, { seed: 1, numRuns: 50 });
});

test("white space around a pasted link, a slash before the # and capitals in the host do not matter", () => {
  expect(reason(`  ${link}\n`)).toBe("invite");
  expect(reason(link.replace("/join#", "/join/#"))).toBe("invite");
  const shouted = parseLink(link.replace("hall.example", "HALL.example"));
  expect(shouted.kind === "invite" && shouted.origin).toBe(origin);
});

test("a link that lost what stands after its # says so", () => {
  expect(reason("https://hall.example/join")).toBe("secret-missing");
  expect(reason("https://hall.example/join#")).toBe("secret-missing");
  expect(reason("https://hall.example/setup")).toBe("secret-missing");
});

test("a link cut short anywhere, lengthened, or with a letter that no link has, is damaged", () => {
  const start = link.indexOf("#") + 1;
  for (let length = start + 1; length < link.length; length++) expect(reason(link.slice(0, length))).toBe("damaged");
  for (const more of ["A", "AA", "=", "%20", "#x", " x"]) expect(reason(link + more)).toBe("damaged");
});

test("a setup link of another length is damaged", () => {
  for (const length of [15, 33]) {
    expect(reason(`${origin}/setup#${toBase64Url(Uint8Array.of(1, ...random(length)))}`)).toBe("damaged");
  }
});

test("a later version is known as such", () => {
  expect(reason(`${origin}/join#${toBase64Url(Uint8Array.of(2, ...random(60)))}`)).toBe("newer-version");
  expect(reason(`${origin}/setup#${toBase64Url(Uint8Array.of(2, ...random(16)))}`)).toBe("newer-version");
  expect(reason(`${origin}/join#${toBase64Url(Uint8Array.of(0, ...groupId, ...secret))}`)).toBe("damaged");
});

test("a group's link is no setup link and the other way round", () => {
  expect(reason(link.replace("/join", "/setup"))).toBe("damaged");
  expect(reason(setupLinkText({ origin, secret }).replace("/setup", "/join"))).toBe("damaged");
});

test("what is no link of a hall is not taken for one", () => {
  const fragment = link.slice(link.indexOf("#"));
  for (const text of [
    "",
    "hello",
    "hall.example/join",
    "javascript:alert(1)//join#AA",
    "https://hall.example/other#AA",
    "https://hall.example/a/join#AA",
    "https:///join#AA",
    `https://hall.example/join?next=1${fragment}`,
    "https://hall.example/join#".padEnd(1_001, "A"),
  ]) {
    expect(reason(text)).toBe("not-a-link");
  }
});

function at(address: string): string {
  return reason(`${address}/join${link.slice(link.indexOf("#"))}`);
}

test("an address without encryption is refused, this machine excepted", () => {
  for (const address of [
    "http://hall.example",
    "http://localhost.evil.example",
    "http://10.0.0.1:8080",
    "http://127.0.0.1.evil",
  ])
    expect(at(address)).toBe("insecure-origin");
  for (const address of ["http://localhost", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080"])
    expect(at(address)).toBe("invite");
});

test("a host that hides another behind an @ is refused", () => {
  expect(at("https://hall.example@evil.example")).toBe("insecure-origin");
});

test("no link is written that could not be read", () => {
  expect(() => inviteLinkText({ origin: "http://hall.example", groupId, secret })).toThrow(EncodingError);
  expect(() => inviteLinkText({ origin: "https://hall.example/", groupId, secret })).toThrow(EncodingError);
  expect(() => inviteLinkText({ origin, groupId, secret: random(15) })).toThrow(EncodingError);
  expect(() => inviteLinkText({ origin, groupId: random(31), secret })).toThrow(EncodingError);
  expect(() => setupLinkText({ origin, secret: random(15) })).toThrow(EncodingError);
});
