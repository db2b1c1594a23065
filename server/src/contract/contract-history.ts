/**
 * What each number of the contract brought, and the hash of its endpoints, schemas, problem codes and limits at that number. A change of what
 * travels gets a new line at the end; the test beside this file fails for one that has none. Lines of released numbers are never changed.
 */
export const contractHistory = [
  {
    version: 1,
    brought: "accounts, sessions, vaults, tickets, mailboxes, groups, log, boxes, live",
    hash: "404c1263f14ccd346428203ff1354ffcfa99a61c9d4aed2f0f1a2bdb063c10a7",
  },
  {
    version: 2,
    brought:
      "limits of CBOR values, of requests and of answers; boxes for the instant invites of a full group; frames of one connection; sizes above a limit have the code that says so; without two codes that nothing answered with",
    hash: "0038d945a551c6a1ca3853d3889226d74fbe0965cb1b6f3da52db13482c9bbba",
  },
  {
    version: 3,
    brought: "blobs, and a steward's command that erases one",
    hash: "996bb2a06d142f8de7b37ce60e1bdda07d2c4ab1522dfdecce816c9efa168a7b",
  },
] as const;

/** The newest number. */
export const contractVersion: number = contractHistory[contractHistory.length - 1]?.version ?? 0;
