import { expect, test, vi } from "vitest";
import { HallError } from "../../core/index.ts";
import { DraftKeeper } from "./draft-keeper.ts";

/** A shelf whose answer comes when the test says so. */
function slowShelf() {
  const saved: string[] = [];
  const asked = Promise.withResolvers<string>();
  return {
    saved,
    answer: asked.resolve,
    fail: asked.reject,
    shelf: {
      read: () => asked.promise,
      save: async (text: string) => {
        saved.push(text);
      },
    },
  };
}

/** Where nothing was kept. */
async function openedWith(save: (text: string) => Promise<void>): Promise<DraftKeeper> {
  const keeper = new DraftKeeper({ read: async () => "", save });
  keeper.open();
  await expect.poll(() => keeper.state().loaded).toBe(true);
  return keeper;
}

async function opened(kept: string) {
  const { saved, answer, shelf } = slowShelf();
  const keeper = new DraftKeeper(shelf);
  keeper.open();
  answer(kept);
  await expect.poll(() => keeper.state().loaded).toBe(true);
  return { keeper, saved };
}

test("what is typed before the kept draft was read stands after it, and nothing is saved over it before", async () => {
  const { saved, answer, shelf } = slowShelf();
  const keeper = new DraftKeeper(shelf);
  keeper.open();
  keeper.write("typed at once");
  keeper.save();
  expect(saved).toEqual([]);
  answer("kept since yesterday\n");
  await expect
    .poll(() => keeper.state())
    .toEqual({ text: "kept since yesterday\n\ntyped at once", loaded: true, kept: true });
  keeper.leave();
  expect(saved).toEqual(["kept since yesterday\n\ntyped at once"]);
});

test("leaving before the kept draft was read loses nothing either", async () => {
  const { saved, answer, shelf } = slowShelf();
  const keeper = new DraftKeeper(shelf);
  keeper.open();
  keeper.write("typed at once");
  keeper.leave();
  answer("");
  await expect.poll(() => saved).toEqual(["typed at once"]);
});

test("a shelf that cannot be read does not keep anybody from writing", async () => {
  const { fail, shelf } = slowShelf();
  const keeper = new DraftKeeper(shelf);
  keeper.open();
  keeper.write("typed");
  fail(new Error("closed"));
  await expect.poll(() => keeper.state()).toEqual({ text: "typed", loaded: true, kept: true });
});

test("what is typed while a post is sent stays when the post goes", async () => {
  const { keeper, saved } = await opened("");
  keeper.write("the post ");
  keeper.write("the post \n\nand the next one");
  keeper.sent("the post ");
  expect(keeper.state().text).toBe("and the next one");
  expect(saved).toEqual(["and the next one"]);
  keeper.sent("and the next one");
  expect(saved).toEqual(["and the next one", ""]);
});

test("a draft that was only read is not saved again", async () => {
  const { keeper, saved } = await opened("kept");
  keeper.leave();
  expect(saved).toEqual([]);
});

test("a text that cannot be kept is said to be on the screen alone, until it is kept", async () => {
  const saved: string[] = [];
  const save = async (text: string): Promise<void> => {
    if (text.length > 9) throw new HallError("draft-not-kept", "too long");
    saved.push(text);
  };
  const keeper = await openedWith(save);
  keeper.write("0123456789");
  keeper.save();
  await expect.poll(() => keeper.state()).toEqual({ text: "0123456789", loaded: true, kept: false });
  // Tried again without a further letter.
  keeper.save();
  keeper.write("012345678");
  keeper.leave();
  await expect.poll(() => keeper.state().kept).toBe(true);
  expect(saved).toEqual(["012345678"]);
});

test("a text for which there was no room is kept when there is, without a further letter", async () => {
  const saved: string[] = [];
  let full = true;
  const save = async (text: string): Promise<void> => {
    if (full) throw new HallError("storage-full", "no room");
    saved.push(text);
  };
  const keeper = await openedWith(save);
  keeper.write("typed");
  keeper.save();
  await expect.poll(() => keeper.state().kept).toBe(false);
  full = false;
  keeper.look();
  await expect.poll(() => keeper.state().kept).toBe(true);
  expect(saved).toEqual(["typed"]);
  keeper.leave();
});

test("a failure that passes is not spoken of: the text is kept a moment later", async () => {
  const saved: string[] = [];
  const shown: boolean[] = [];
  let tries = 0;
  const save = async (text: string): Promise<void> => {
    if (++tries === 1) throw new HallError("timed-out", "the tab was closed");
    saved.push(text);
  };
  const keeper = await openedWith(save);
  keeper.subscribe(() => shown.push(keeper.state().kept));
  keeper.write("typed");
  keeper.save();
  await expect.poll(() => saved).toEqual(["typed"]);
  expect(shown).not.toContain(false);
});

test("a failure of any kind that comes again is spoken of", async () => {
  let tries = 0;
  const save = async (): Promise<void> => {
    tries++;
    throw new Error("broken");
  };
  const keeper = await openedWith(save);
  keeper.write("typed");
  keeper.save();
  await expect.poll(() => keeper.state().kept).toBe(false);
  expect(tries).toBe(2);
});

test("what was changed elsewhere is shown, but not to somebody who writes", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  let kept = "begun here";
  const keeper = new DraftKeeper({ read: async () => kept, save: async (text) => void (kept = text) });
  const look = async (): Promise<string> => {
    keeper.look();
    await new Promise((resolve) => setTimeout(resolve));
    return keeper.state().text;
  };
  keeper.open();
  await expect.poll(() => keeper.state().loaded).toBe(true);
  kept = "gone on with elsewhere";
  expect(await look()).toBe("gone on with elsewhere");
  keeper.write("being typed");
  kept = "later still";
  expect(await look()).toBe("being typed");
  keeper.save();
  kept = "later still";
  expect(await look()).toBe("being typed");
  vi.advanceTimersByTime(10_000);
  expect(await look()).toBe("later still");
  // Typed between the question and the answer.
  kept = "sent elsewhere";
  keeper.look();
  keeper.write("typed on");
  keeper.save();
  expect(await look()).toBe("typed on");
  keeper.leave();
  vi.useRealTimers();
});
