/** @file Once per run of these tests: one PostgreSQL, with a template of the prepared database for every file to copy. Starts a cluster. */
import { startCluster } from '../../../build/supabase/cluster.ts'
import { isRealProject, publishCluster } from './where.ts'

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (isRealProject()) return undefined
  const cluster = await startCluster()
  publishCluster(cluster.port)
  return () => cluster.stop()
}
