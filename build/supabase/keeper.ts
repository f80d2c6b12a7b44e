/** @file The program between us and PostgreSQL: stops it when our end of its standard input closes, however we ended. Spawns, removes a temporary folder. */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/** What startCluster passes as the only argument, as JSON. */
export interface KeeperJob {
  program: string
  args: string[]
  env: Record<string, string>
  uid?: number
  gid?: number
  /** SIGINT: orderly and durable. SIGQUIT: at once, for databases nobody will open again. */
  signal: NodeJS.Signals
  /** Removed when PostgreSQL has ended. */
  remove?: string
}

const job = JSON.parse(process.argv[2] ?? '{}') as KeeperJob
const postgres = spawn(job.program, job.args, {
  env: { ...process.env, ...job.env },
  stdio: ['ignore', 'ignore', 'inherit'],
  ...(job.uid === undefined ? {} : { uid: job.uid }),
  ...(job.gid === undefined ? {} : { gid: job.gid }),
})

postgres.on('exit', (code) => {
  if (job.remove) rmSync(job.remove, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  process.exit(code ?? 1)
})
postgres.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
process.stdin.on('close', () => postgres.kill(job.signal)).resume()
// Whoever started us is gone or will read no more: there is still something to stop.
process.stderr.on('error', () => {})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => postgres.kill(job.signal))
