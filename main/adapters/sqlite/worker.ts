/** @file Entry of the thread that owns the database, and of the short-lived one that copies it for a backup. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CopyJob, copyDatabase } from './copy.ts'
import { createHost } from './host.ts'
import { remoteLog, type StoreConfig, serve } from './rpc.ts'

const data = workerData as { config: StoreConfig } | { copy: CopyJob }
if (!parentPort) throw new Error('worker.ts runs as a worker thread only')
const channel = parentPort
if ('copy' in data) await copyDatabase(data.copy)
else serve(channel, createHost(data.config, remoteLog(channel)))
