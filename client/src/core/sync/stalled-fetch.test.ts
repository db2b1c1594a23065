import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listeningHall, type ListeningHall } from "./testing/listening-hall.ts";

/** Parts of the program that are being fetched on a line that stands still: each comes once it is let through. */
const line = vi.hoisted(() => ({ founding: Promise.withResolvers<void>(), asked: new Set<string>() }));

vi.mock("../groups/founding.ts", async (fetch) => {
  line.asked.add("founding");
  await line.founding.promise;
  return fetch();
});
vi.mock("./comparing.ts", () => {
  line.asked.add("comparing");
  return new Promise(() => {});
});

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

test("a program closes while the part that founds groups is being fetched", async () => {
  const ana = await hall.person("Ana");
  const founding = ana.hall.groups.found({
    name: "Waste services",
    description: "",
    history: "all",
    retentionDays: null,
  });
  const told = expect(founding).rejects.toMatchObject({ problem: "locked" });
  await expect.poll(() => line.asked).toContain("founding");
  await ana.hall.close();
  await told;
  line.founding.resolve();
});

test("a program closes while the part that compares is being fetched", async () => {
  const ana = await hall.person("Ana");
  await ana.hall.groups.found({ name: "Waste services", description: "", history: "all", retentionDays: null });
  await expect.poll(() => line.asked, { timeout: 10_000 }).toContain("comparing");
  await ana.hall.close();
});
