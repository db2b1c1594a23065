import { HallError } from "./problems.ts";

/**
 * A part of this program that not every visit needs, fetched when it is first wanted.
 *
 * @throws HallError `offline` where it cannot be fetched now; asking again tries again
 */
export async function onDemand<Part>(fetchPart: () => Promise<Part>): Promise<Part> {
  try {
    return await fetchPart();
  } catch {
    throw new HallError("offline", "a part of this program could not be fetched");
  }
}
