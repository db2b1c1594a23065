import { clusterVariable, startTestCluster } from "./cluster.ts";

/** For vitest: one PostgreSQL for the run. A second project that names this file too shares the first one's. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[clusterVariable] !== undefined) return undefined;
  const cluster = await startTestCluster();
  process.env[clusterVariable] = cluster.urlOf("DATABASE");
  return async () => {
    delete process.env[clusterVariable];
    await cluster.stop();
  };
}
