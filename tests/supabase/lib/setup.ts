/** @file Once per run of these tests: one PostgreSQL, with a template of the prepared database for every file to copy. Starts a cluster. */
import type { TestProject } from 'vitest/node'
import { startCluster } from '../../../build/supabase/cluster.ts'
import { isRealProject } from './where.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The port of this run's PostgreSQL. */
    cluster: number
  }
}

/** Starts the PostgreSQL in the folder `programs`, else the one that npm brings, and tells the test files of `project`. */
export async function setupCluster(project: TestProject, programs?: string): Promise<() => Promise<void>> {
  const cluster = await startCluster(programs ? { programs } : {})
  project.provide('cluster', cluster.port)
  return () => cluster.stop()
}

export default function setup(project: TestProject): Promise<() => Promise<void>> | undefined {
  return isRealProject() ? undefined : setupCluster(project)
}
