/** @file Once per run: the tests of Supabase's SQL on Debian's PostgreSQL, the oldest version that Plate supports. Starts a cluster. */
import type { TestProject } from 'vitest/node'
import { debianPostgres } from '../../../build/scripts/lib/debian.ts'
import { setupCluster } from '../../supabase/lib/setup.ts'

export default (project: TestProject): Promise<() => Promise<void>> => setupCluster(project, debianPostgres())
