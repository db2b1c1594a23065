import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unionhall-lock-"));
  folders.push(folder);
  return folder;
}

const step = 40;

/** A process of its own: told a moment, it locks one folder after another, each at the same instant as the others do, and holds them. */
const contender = `
  const { lockFolder } = await import(process.argv[1]);
  const folders = process.argv.slice(2);
  const attempt = async (folder, moment) => {
    await new Promise((then) => setTimeout(then, Math.max(1, moment - Date.now() - ${step / 2})));
    while (Date.now() < moment) continue;
    return lockFolder(folder).then(() => "took", (error) => error.name);
  };
  process.stdin.setEncoding("utf8").once("data", async (began) => {
    const said = await Promise.all(folders.map((folder, index) => attempt(folder, Number(began) + index * ${step})));
    process.stdout.write(JSON.stringify(said) + "\\n");
  });
  process.stdin.on("end", () => process.exit());
  process.stdout.write("ready\\n");
`;

interface Contender {
  /** What it says next. */
  readonly line: () => Promise<string>;
  readonly tell: (line: string) => void;
  readonly end: () => void;
}

function contend(rounds: readonly string[]): Contender {
  const module = new URL("folder-lock.ts", import.meta.url).href;
  const args = ["--input-type=module", "-e", contender, module, ...rounds];
  const { stdin, stdout } = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return {
    line: async () => String((await lines.next()).value),
    tell: (line) => stdin.write(line),
    end: () => stdin.end(),
  };
}

test("of halls that start in one instant on what a dead one left, one takes the folder and the others are told", async () => {
  const rounds = Array.from({ length: 40 }, newFolder);
  for (const folder of rounds) writeFileSync(join(folder, "hall.pid"), `${process.pid}\nsome other birth\n`);
  const contenders = Array.from({ length: 4 }, () => contend(rounds));
  await Promise.all(contenders.map(({ line }) => line()));
  const began = String(Date.now() + 200);
  for (const { tell } of contenders) tell(began);
  const said: unknown[] = await Promise.all(contenders.map(async ({ line }) => JSON.parse(await line())));
  for (const [index, folder] of rounds.entries()) {
    const answers = said.map((answer) => (Array.isArray(answer) ? String(answer[index]) : "nothing"));
    expect(answers.toSorted()).toEqual(["StartError", "StartError", "StartError", "took"]);
    expect(readdirSync(folder)).toEqual(["hall.pid"]);
  }
  for (const { end } of contenders) end();
});

test("whoever finds a hall that is ending waits for its end; a hall that runs on is named", async () => {
  const folder = newFolder();
  const first = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`another hall is running on ${folder}`);
  const [pid = "", birth = ""] = readFileSync(join(folder, "hall.pid"), "utf8").split("\n");
  expect(Number(pid)).toBe(process.pid);
  expect(birth).not.toBe("");
  first.release();
  expect(existsSync(join(folder, "hall.pid"))).toBe(false);
  const second = await lockFolder(folder);
  second.announceEnd();
  const third = lockFolder(folder);
  // Longer than a running hall is waited for.
  setTimeout(() => second.release(), 3_000);
  (await third).release();
});
