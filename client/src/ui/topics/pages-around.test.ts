import { expect, test } from "vitest";
import { pagesAround } from "./use-posts.ts";

test("the pages that hold a range of posts, within the topic", () => {
  expect(pagesAround(-15, 15, 500)).toEqual([0]);
  expect(pagesAround(235, 265, 500)).toEqual([4, 5]);
  expect(pagesAround(490, 530, 500)).toEqual([9]);
  expect(pagesAround(-15, 15, 0)).toEqual([0]);
});
