/** @file `npm run supabase:local`: a Supabase of one's own on this computer, migrated and seeded. Starts PostgreSQL and a server, keeps its data in .supabase-local/. */
import './lib/node-version.ts'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { startBackend } from '../supabase/backend.ts'
import { type Cluster, startCluster } from '../supabase/cluster.ts'
import { prepareDatabase } from '../supabase/prepare.ts'
import { inRoot } from './lib/run.ts'
import { heading, stop } from './lib/say.ts'

const DATABASE = 'postgres'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: inRoot('.supabase-local') },
    port: { type: 'string', default: '54321' },
    'db-port': { type: 'string', default: '54322' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help)
  stop(`npm run supabase:local -- [--data <folder>] [--port 54321] [--db-port 54322]

A PostgreSQL behind the Supabase REST, Auth and Realtime APIs, with this project's migrations and seed.
Data stay in <folder> (.supabase-local); delete it to begin anew.`)

function portFrom(option: 'port' | 'db-port'): number {
  const port = Number(values[option])
  return Number.isInteger(port) && port > 0 && port < 65536
    ? port
    : stop(`--${option} ${values[option]} is no port: give a number from 1 to 65535.`)
}

/** Asked beforehand: a message about a port is better than a stack from two layers below. */
async function expectFree(port: number, option: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const server = createServer()
    server.once('error', () =>
      stop(
        `Port ${port} is taken, perhaps by another Supabase. Stop that program, or choose another: --${option} <port>`,
      ),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

/** Lines of the seed that say `-- login: <e-mail> <password>`, and for whom. */
function demoLogins(): string[] {
  const seed = inRoot('supabase/seed.sql')
  if (!existsSync(seed)) return []
  return [...readFileSync(seed, 'utf8').matchAll(/^-- login: (.*)$/gm)].map(([, login]) => `  ${login}`)
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const port = portFrom('port')
const dbPort = portFrom('db-port')
await expectFree(port, 'port')
await expectFree(dbPort, 'db-port')

async function start(): Promise<{ cluster: Cluster; close: () => Promise<void> }> {
  heading(`Starting PostgreSQL in ${values.data}`)
  const cluster = await startCluster({ dir: values.data, port: dbPort, durable: true })
  try {
    const applied = await prepareDatabase(cluster, DATABASE, { seed: true })
    for (const migration of applied) heading(`applied ${migration}`)
    const backend = await startBackend({ cluster, database: DATABASE, port })
    const logins = demoLogins()
    console.log(`
URL              ${backend.url}
Publishable key  ${backend.publishableKey}
Secret key       ${backend.secretKey}
Database         ${cluster.url(DATABASE)}
${logins.length ? `\nPeople of the demo restaurant:\n${logins.join('\n')}\n` : ''}
Ctrl+C stops it; the data stay.`)
    const close = async () => {
      await backend.close()
      await cluster.stop()
    }
    return { cluster, close }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

const running = await start().catch((error: unknown) => stop(message(error)))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void running.close().then(() => process.exit(0)))
