/** @file The local backend for one test file: a copy of the prepared database and a server on it. Starts a cluster when none is there. */
import postgres from 'postgres'
import { startBackend } from '../../../build/supabase/backend.ts'
import { addresses, type ClusterAddresses, startCluster } from '../../../build/supabase/cluster.ts'
import { dropDatabase } from '../../../build/supabase/prepare.ts'
import { type BackendOptions, type Project, query } from './project.ts'
import { copyOfTemplate } from './template.ts'
import { publishedCluster } from './where.ts'

/** The cluster of this run, or one of our own that goes when we do. */
async function findCluster(): Promise<ClusterAddresses & { stop?: () => Promise<void> }> {
  const port = publishedCluster()
  return port ? addresses(port) : startCluster()
}

export async function openLocal(options: BackendOptions): Promise<Project> {
  const cluster = await findCluster()
  const kind = { bare: options.bare ?? false, defaults: options.defaults ?? 'none' }
  const database = await copyOfTemplate(cluster, kind)
  const { jwtExpiry } = options
  const backend = await startBackend({ cluster, database, ...(jwtExpiry ? { jwtExpiry } : {}) })
  const owner = postgres(cluster.url(database), { max: 4, idle_timeout: 20, onnotice: () => {} })
  return {
    url: backend.url,
    publishableKey: backend.publishableKey,
    secretKey: backend.secretKey,
    faults: backend.faults,
    sql: query(owner),
    restart: backend.restart,
    async close() {
      await owner.end({ timeout: 2 })
      await backend.close()
      if (cluster.stop) await cluster.stop()
      else await dropDatabase(cluster, database)
    },
  }
}
