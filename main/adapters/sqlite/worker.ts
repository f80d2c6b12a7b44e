/** @file Entry of the thread that owns the database, and of the short-lived one that copies it for a backup. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { CopyJob } from './copy.ts'
import type { StoreConfig } from './rpc.ts'

const data = workerData as { config: StoreConfig } | { copy: CopyJob }
// Each loads only what it needs: a backup starts beside a busy kitchen.
if ('copy' in data) {
  const { copyDatabase } = await import('./copy.ts')
  await copyDatabase(data.copy)
} else if (parentPort) {
  const [{ createHost }, { remoteLog, serve }] = await Promise.all([import('./host.ts'), import('./rpc.ts')])
  const port = parentPort
  serve(port, createHost(data.config, remoteLog(port)), () => receiveMessageOnPort(port)?.message)
}
