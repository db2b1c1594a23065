import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { contractHistory, contractVersion } from "./contract-history.ts";
import * as contract from "./index.ts";

/** Everything that is data: endpoints, schemas, codes, limits. Functions are how it is written, not what travels. */
const data = Object.entries(contract).filter(([name, value]) => typeof value === "object" && !/history/i.test(name));

function endpointOf(value: object): contract.Endpoint[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every object of the contract with these members is one
  return "method" in value && "path" in value && "plane" in value ? [value as contract.Endpoint] : [];
}

const endpoints = data.flatMap(([, value]) => (typeof value === "object" ? endpointOf(value) : []));

/** JSON with the members of every object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}

function planesOf(asked: RegExp): readonly string[] {
  return endpoints.filter(({ authorization }) => asked.test(authorization)).map(({ plane }) => plane);
}

test("what travels is what the newest line of the contract's history says", () => {
  expect(data.length).toBeGreaterThan(40);
  const text = JSON.stringify(ordered(Object.fromEntries(data)));
  const hash = createHash("sha256").update(text).digest("hex");
  expect(
    contractHistory.at(-1)?.hash,
    `the contract changed: if it was released, add a line to contract-history.ts; its hash is now ${hash}`,
  ).toBe(hash);
});

test("versions count from 1, one line each", () => {
  expect(contractHistory.map(({ version }) => version)).toEqual(contractHistory.map((_, index) => index + 1));
  expect(contractVersion).toBe(contractHistory.length);
});

test("no two endpoints share a method and an address", () => {
  const addresses = endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ":")}`);
  expect(addresses.length).toBeGreaterThan(15);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test("a session is asked for in the account plane only, group and mailbox tokens in the group plane only", () => {
  expect(new Set(planesOf(/^session$/))).toEqual(new Set(["account"]));
  expect(new Set(planesOf(/^(group|mailbox)-/))).toEqual(new Set(["group"]));
  for (const { path, plane } of endpoints)
    expect([path, plane === "group"]).toEqual([path, /^\/api\/(groups|mailboxes|boxes|blobs)\b/.test(path)]);
});
