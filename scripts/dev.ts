// `npm run dev`: the hall restarts when server code changes, the client reloads in place. Data lies in `data/dev`.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pagePort = 5173;
const serverPort = 8081;

const hall = spawn(process.execPath, ["--watch", "--watch-preserve-output", "server/src/main.ts"], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PORT: String(serverPort),
    PUBLIC_URL: `http://localhost:${pagePort}`,
    DATA_DIR: process.env.DATA_DIR ?? join(root, "data", "dev"),
  },
});

const page = await createServer({
  root: join(root, "client"),
  configFile: join(root, "client", "vite.config.ts"),
  server: {
    port: pagePort,
    strictPort: true,
    proxy: { "/api": { target: `http://127.0.0.1:${serverPort}`, ws: true } },
  },
});
await page.listen();

async function stop(): Promise<void> {
  hall.kill("SIGTERM");
  await page.close();
}
hall.once("exit", () => void page.close());
process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
