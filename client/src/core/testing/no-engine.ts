import type { Engine, EngineMaker } from "../engine.ts";
import { HallError } from "../problems.ts";

/** An engine of a hall without groups, for tests of what lies beside it. `tickets` are what every invite link holds. */
export function noEngine(tickets: readonly Uint8Array[] = []): EngineMaker {
  return {
    readInvite: async () => ({
      preview: {
        groupId: "00".repeat(32),
        groupName: "Test",
        inviterName: "Ana",
        history: "all",
        retentionDays: null,
        mode: "approval",
        expiresAt: 0,
      },
      tickets,
    }),
    open: async () => ({
      ...doors,
      profileChanged: async () => {},
      waiting: () => 0,
      ownStatements: () => [],
      settled: async () => {},
      closed: async () => {},
    }),
  };
}

const refusing = new Proxy(
  {},
  {
    get: (_, name) => async () => {
      if (name === "list") return [];
      throw new HallError("group-unknown", "there is no engine");
    },
  },
);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every method but list refuses
const doors = { groups: refusing, invites: refusing, topics: refusing } as Pick<
  Engine,
  "groups" | "invites" | "topics"
>;
