/** @file A private PostgreSQL for tests and local development, on this computer only. Spawns processes, writes its data folder. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type Binaries, findPostgres, isReachable } from './binaries.ts'
import type { KeeperJob } from './keeper.ts'

/** Where a running cluster is found; also from another process, which knows its port. */
export interface ClusterAddresses {
  port: number
  /** As `postgres`: owns the project's tables, passes RLS, is no superuser. As on a hosted project. */
  url(database: string): string
  /** As the superuser: for creating databases and for what the platform itself does. */
  adminUrl(database: string): string
  /** As `authenticator`, who may become the API's roles and nothing else. */
  apiUrl(database: string): string
}

export interface Cluster extends ClusterAddresses {
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** Kept between runs when given; otherwise a temporary folder that goes with the cluster. */
  dir?: string
  /** Any free port when left out. */
  port?: number
  /** Survives a power cut. Off, writes are several times faster. */
  durable?: boolean
  /** Folder of another PostgreSQL's initdb and postgres. */
  programs?: string
}

interface Account {
  uid: number
  gid: number
}

const SUPERUSER = 'supabase_admin'

export function addresses(port: number): ClusterAddresses {
  const url = (user: string, database: string) => `postgres://${user}:postgres@127.0.0.1:${port}/${database}`
  return {
    port,
    url: (database) => url('postgres', database),
    adminUrl: (database) => url(SUPERUSER, database),
    apiUrl: (database) => url('authenticator', database),
  }
}

/** PostgreSQL refuses to run as root, as tests in a container do. */
function account(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(user?.[2] ?? 65534), gid: Number(user?.[3] ?? 65534) }
}

/** @returns a port nobody listens on; another program may take it before us. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** The programs where the account may read them: a project in root's home is closed to it. */
function readable(found: Binaries, as: Account | undefined, dir: string): string {
  if (!as || isReachable(found.bin)) return found.bin
  const copy = path.join(dir, 'programs')
  if (!existsSync(copy)) cpSync(found.home, copy, { recursive: true, verbatimSymlinks: true })
  return path.join(copy, path.basename(found.bin))
}

async function createData(bin: string, data: string, as: Account | undefined): Promise<void> {
  const args = ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C']
  // Hosted projects sort text by ICU's English rules; with bytes here, a comparison that forgets `collate "C"` would pass.
  args.push('--locale-provider=icu', '--icu-locale=en_US.UTF-8')
  await promisify(execFile)(path.join(bin, 'initdb'), args, { cwd: path.dirname(data), ...as })
}

function settings(data: string, port: number, durable: boolean): string[] {
  const safe = durable ? 'on' : 'off'
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    lc_messages: 'C',
    // Statements that fail on purpose are no news; what concerns the server is still said.
    log_min_messages: 'log',
    fsync: safe,
    synchronous_commit: safe,
    full_page_writes: safe,
  }
  return [
    '-D',
    data,
    '-p',
    `${port}`,
    ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** Resolves when the server takes connections; rejects with what it said when it ends before. */
function ready(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    if (!keeper.stderr) throw new Error('The keeper was started without a stderr')
    createInterface(keeper.stderr).on('line', (line) => {
      said.push(line)
      if (said.length > 20) said.shift()
      if (line.includes('database system is ready to accept connections')) resolve()
    })
    keeper.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)))
  })
}

function launch(job: KeeperJob): ChildProcess {
  return spawn(process.execPath, [path.join(import.meta.dirname, 'keeper.ts'), JSON.stringify(job)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own group: Ctrl+C is for us, and we stop it in order.
    detached: true,
  })
}

/** It must not keep us running: when we end, its input closes and it stops PostgreSQL. */
function letGo(keeper: ChildProcess): void {
  keeper.unref()
  for (const pipe of [keeper.stdin, keeper.stderr]) (pipe as { unref?: () => void } | null)?.unref?.()
}

/**
 * Starts PostgreSQL and waits until it takes connections. It ends with this process, even when that is killed.
 * @throws when there is no PostgreSQL, or when it refuses to start (its own words are in the message).
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const found = findPostgres(options.programs)
  const as = account()
  const dir = options.dir ? path.resolve(options.dir) : mkdtempSync(path.join(tmpdir(), 'plate-postgres-'))
  mkdirSync(dir, { recursive: true })
  if (as) chownSync(dir, as.uid, as.gid)
  if (as && !isReachable(path.dirname(dir)))
    throw new Error(
      `As root, PostgreSQL runs as another user, who cannot reach ${dir}. Choose another folder with --data.`,
    )
  const bin = readable(found, as, dir)
  const data = path.join(dir, 'data')
  if (!existsSync(path.join(data, 'PG_VERSION'))) await createData(bin, data, as)

  const port = options.port ?? (await freePort())
  const keeper = launch({
    program: path.join(bin, 'postgres'),
    args: settings(data, port, options.durable ?? false),
    env: {},
    ...as,
    signal: options.dir ? 'SIGINT' : 'SIGQUIT',
    ...(options.dir ? {} : { remove: dir }),
  })
  await ready(keeper)
  letGo(keeper)

  const stop = () =>
    new Promise<void>((resolve) => {
      if (keeper.exitCode !== null || keeper.signalCode !== null) return resolve()
      keeper.ref()
      keeper.once('exit', () => resolve())
      keeper.stdin?.end()
    })
  return { ...addresses(port), stop }
}
