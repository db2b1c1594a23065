import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Member } from "../world/member.ts";
import { WorldClock } from "../world/world-clock.ts";
import { inHall } from "./browser-hall.ts";
import { foundGroup, invite, posts, setUp } from "./steps.ts";

const picture = fileURLToPath(new URL("../../docs/pictures/topic.png", import.meta.url));
const hour = 3_600_000;

/** Invented people, unions and figures. */
type Said = readonly [author: string, hours: number, text: string];

const talk: readonly [Said, ...Said[]] = [
  [
    "Amara Okoye",
    -52,
    "We compared the **reported injuries** of last year with the shift plans, in all four depots. Two thirds fall between 23:00 and 05:00, with a third of the staff.\n\n| depot | day | night |\n|---|---|---|\n| North | 11 | 24 |\n| Harbour | 9 | 19 |",
  ],
  [
    "Bongani Nkosi",
    -49,
    "Same picture with us. What helped: we asked for the *near misses* too, not only what was reported. People write those down when no name stands beside them.",
  ],
  [
    "Sofia Marinho",
    -26,
    "> we asked for the *near misses* too\n\nCould you share the form? We meet the operator on the 14th, and I would like to have:\n\n1. one page of figures\n2. one example that worked elsewhere\n3. what we ask for",
  ],
  [
    "Keiko Mori",
    -24,
    "Our agreement has a clause on **two people per truck at night**. It took two years. I can translate it until Thursday.",
  ],
  ["Youssef Haddad", -3, "قرأت الأرقام. عندنا الوضع مشابه، وسأرسل جدول المناوبات غدًا."],
  ["Bongani Nkosi", -1, "The form is in the topic “Templates”. Take what you need."],
];

const unions: Readonly<Record<string, string>> = {
  "Amara Okoye": "Depot Workers' Union",
  "Bongani Nkosi": "Municipal Crews Federation",
  "Keiko Mori": "City Services Union",
  "Sofia Marinho": "Street Services Union",
  "Youssef Haddad": "نقابة عمال البلديات",
};

const others = [
  ["Templates", "Bongani Nkosi", -46, "Forms, letters and tables to take and change."],
  ["Contract ends in June: who was here before?", "Keiko Mori", -30, "The city asks for offers again."],
  ["Notes from the call of the 3rd", "Amara Okoye", -72, "Short, as promised."],
] as const;

test.runIf(process.env["SCREENS"] === "1")(
  "(only with SCREENS=1: it writes the picture) the picture in the README is the real thing",
  async () => {
    await inHall("picture", async (hall) => {
      const ana = await hall.person();
      await setUp(ana, hall.setupLink, {
        name: "Ana Duarte",
        union: "Street Services Union",
        passphrase: "copper kettle orbit meadow",
      });
      const groupId = await foundGroup(ana, "Waste services");
      const inviteLink = await invite(ana, "instant");
      await tellAll(hall.origin, groupId, inviteLink);
      await ana.go(`/g/${groupId}`);
      await ana.page.getByLabel("Passphrase", { exact: true }).fill("copper kettle orbit meadow");
      await ana.page.getByRole("button", { name: "Open" }).click();
      await ana.page.getByRole("link", { name: /Injuries on night shifts/ }).click();
      await posts(ana, "The form is in the topic").waitFor();
      expect(await ana.page.getByRole("article").count()).toBeGreaterThan(3);
      await ana.page.screenshot({ path: picture });
    });
  },
);

/** Everybody comes in by the link, and writes at their hour. */
async function tellAll(origin: string, groupId: string, inviteLink: string): Promise<void> {
  const clock = new WorldClock();
  const members = new Map<string, Member>();
  try {
    for (const [name, union] of Object.entries(unions)) {
      const member = new Member(origin, name, clock);
      members.set(name, member);
      const profile = { name, union, country: null, languages: ["en"] };
      await member.hall.session.register({ link: inviteLink, profile, lock: { kind: "none" }, wordLanguage: "en" });
      await member.join(inviteLink);
      await member.whenIn(groupId);
    }
    const at = (name: string, hours: number): Member => {
      const member = members.get(name);
      if (member === undefined) throw new TypeError(`${name} is not here`);
      member.ahead = hours * hour;
      return member;
    };
    const begin = async (name: string, hours: number, title: string, text: string): Promise<string> => {
      const member = at(name, hours);
      const { topicId } = await member.hall.topics.create(groupId, { title, text });
      await member.hall.settled();
      return topicId;
    };
    for (const [title, name, hours, text] of others) await begin(name, hours, title, text);
    const [[name, hours, text], ...answers] = talk;
    const topicId = await begin(name, hours, "Injuries on night shifts", text);
    for (const [author, when, words] of answers) {
      const member = at(author, when);
      await member.hall.settled();
      await member.post({ groupId, topicId }, words);
      await member.hall.settled();
    }
  } finally {
    for (const member of members.values()) await member.close();
  }
}
