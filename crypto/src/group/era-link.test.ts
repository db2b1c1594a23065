import { expect, test } from "vitest";
import { seededRandom } from "../testing/seeded-random.ts";
import { nextEra } from "./era.ts";
import {
  chainKeyBefore,
  contentKeyBefore,
  type EraLink,
  holdsLink,
  LINK_PART_BYTES,
  makeChainPart,
  makeContentPart,
  makeEraLink,
} from "./era-link.ts";
import { missing } from "./testing/missing.ts";
import { person } from "./testing/people.ts";
import { TestGroup } from "./testing/test-group.ts";

const ana = person("ana");

/** A group of three eras, and the right links of eras 1 and 2. */
function walk() {
  const group = TestGroup.found(ana);
  group.act(ana, [group.era()]);
  group.act(ana, [group.era()]);
  const [zero = missing(), one = missing(), two = missing()] = group.eras;
  const { groupId } = group.state;
  const links = [makeEraLink(groupId, one, zero, true), makeEraLink(groupId, two, one, true)] as const;
  const starting = (era: number) => group.items.filter(({ startsEra }) => startsEra === era);
  return { group, groupId, zero, one, two, links, starting };
}

test("whoever holds the newest keys walks back to the first era", () => {
  const { group, groupId, zero, one, two, links, starting } = walk();
  const chainOne = chainKeyBefore(groupId, 2, two.chainKey, [links[1]], starting(2));
  expect(chainOne).toStrictEqual(one.chainKey);
  expect(chainKeyBefore(groupId, 1, one.chainKey, [links[0]], starting(1))).toStrictEqual(zero.chainKey);
  const [eraZero = missing(), eraOne = missing()] = group.state.eras;
  expect(contentKeyBefore(groupId, eraOne, two.contentKey, [links[1]])).toStrictEqual(one.contentKey);
  expect(contentKeyBefore(groupId, eraZero, one.contentKey, [links[0]])).toStrictEqual(zero.contentKey);
});

test("every member makes the same link, byte for byte", () => {
  const { groupId, zero, one, links } = walk();
  expect(makeEraLink(groupId, one, zero, true)).toStrictEqual(links[0]);
  expect(makeChainPart(groupId, 1, one.chainKey, zero.chainKey)).toStrictEqual(links[0].chain);
  expect(makeContentPart(groupId, 1, one.contentKey, zero.contentKey)).toStrictEqual(links[0].content);
  expect(links[0].chain).toHaveLength(LINK_PART_BYTES);
});

test("a link without a content part hands on the chain key only", () => {
  const { group, groupId, zero, one, starting } = walk();
  const link = makeEraLink(groupId, one, zero, false);
  expect(chainKeyBefore(groupId, 1, one.chainKey, [link], starting(1))).toStrictEqual(zero.chainKey);
  expect(contentKeyBefore(groupId, group.state.eras[0] ?? missing(), one.contentKey, [link])).toBeNull();
});

test("neither key opens the other part, nor the key of another era its link", () => {
  const { group, groupId, one, two, links, starting } = walk();
  const [eraZero = missing()] = group.state.eras;
  expect(chainKeyBefore(groupId, 1, one.contentKey, [links[0]], starting(1))).toBeNull();
  expect(contentKeyBefore(groupId, eraZero, one.chainKey, [links[0]])).toBeNull();
  expect(chainKeyBefore(groupId, 1, two.chainKey, [links[0]], starting(1))).toBeNull();
  expect(chainKeyBefore(groupId, 1, one.chainKey, [links[1]], starting(1))).toBeNull();
});

test("of several links the right one is found, however well made the wrong ones are", () => {
  const { group, groupId, zero, one, links, starting } = walk();
  const strange = nextEra(zero, groupId, seededRandom("strange"));
  const wrong: EraLink = makeEraLink(groupId, one, strange, true);
  const cut = { chain: links[0].chain.slice(0, -1), content: links[0].content?.slice(1) ?? null };
  const held = [wrong, cut, links[0]];
  const [eraZero = missing()] = group.state.eras;
  expect(chainKeyBefore(groupId, 1, one.chainKey, held, starting(1))).toStrictEqual(zero.chainKey);
  expect(contentKeyBefore(groupId, eraZero, one.contentKey, held)).toStrictEqual(zero.contentKey);
  expect(chainKeyBefore(groupId, 1, one.chainKey, [wrong, cut], starting(1))).toBeNull();
  expect(contentKeyBefore(groupId, eraZero, one.contentKey, [wrong, cut])).toBeNull();
});

test("a chain key is right only if it opens the entry that started the era after it", () => {
  const { groupId, one, links, starting } = walk();
  expect(chainKeyBefore(groupId, 1, one.chainKey, [links[0]], [])).toBeNull();
  expect(chainKeyBefore(groupId, 1, one.chainKey, [links[0]], starting(2))).toBeNull();
  const [item = missing()] = starting(1);
  const turned = { ...item, sealed: item.sealed.with(100, (item.sealed[100] ?? 0) ^ 1) };
  expect(chainKeyBefore(groupId, 1, one.chainKey, [links[0]], [turned])).toBeNull();
});

test("a member sees that the right link is missing, wrong or cut", () => {
  const { groupId, zero, one, links } = walk();
  const [right] = links;
  expect(holdsLink([links[1], right], right)).toBe(true);
  expect(holdsLink([], right)).toBe(false);
  expect(holdsLink([makeEraLink(groupId, one, zero, false)], right)).toBe(false);
  expect(holdsLink([{ ...right, chain: right.chain.with(0, (right.chain[0] ?? 0) ^ 1) }], right)).toBe(false);
});
