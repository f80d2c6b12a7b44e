/** @file Before each of these test files: notes where this run's PostgreSQL is. Writes the environment. */
import { inject } from 'vitest'
import { publishCluster } from './where.ts'

const port = inject('cluster')
if (port) publishCluster(port)
