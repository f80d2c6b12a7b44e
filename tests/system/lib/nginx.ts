/** @file Debian's nginx before a hub: TLS and WebSocket as docs/operations.md describes. Runs nginx, writes a folder of its own. */
import { spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { program } from '../../../build/scripts/lib/debian.ts'
import { freePort } from '../../../build/supabase/cluster.ts'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { ask } from '../../integration/hub/harness.ts'
import { tempDir } from '../../support/core.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { eventually } from '../../support/progress.ts'

/** The name under which the proxy is reached. */
export const NAME = 'plate.restaurant.test'
/** Where the proxy's own connections come from: not the address of this machine's own programs. */
export const PROXY = '127.0.0.2'

export interface Nginx {
  /** By address; the certificate is for this and for {@link NAME}. */
  readonly url: string
  /** Of the Host header, and of pages' origins. */
  readonly host: string
  /** The authority to trust, PEM. */
  readonly ca: string
  /** The hash of the certificate's key, for Chromium. */
  readonly key: string
  stop(): Promise<void>
  /** Again at the same address, after `stop`. */
  start(): Promise<void>
}

const DOCS = path.resolve(import.meta.dirname, '../../../docs/operations.md')

/** What the documentation tells people to put into nginx, for this test's files, ports and names. */
function documented(dir: string, port: number, hub: string): string {
  const block = /```nginx\n([\s\S]*?)```/.exec(readFileSync(DOCS, 'utf8'))?.[1] ?? ''
  const changes: [string, string][] = [
    ['listen 443 ', `listen 0.0.0.0:${port} `],
    ['plate.example.com', NAME],
    ['/etc/nginx/plate.pem', `${dir}/cert.pem`],
    ['/etc/nginx/plate.key', `${dir}/key.pem`],
    ['http://127.0.0.1:4680', hub],
  ]
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${DOCS} no longer says ${from}`)
    return text.replaceAll(from, to)
  }, block)
}

/** A whole configuration around it, as Debian's own one is, in a folder of its own. */
const configuration = (dir: string, documented: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${dir}/pid;
error_log stderr warn;
worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(' ')}
  ${documented}
}
`

/** Runs nginx in the foreground; answers what ends it. @throws with its own words when it ends by itself. */
async function run(dir: string, answers: () => Promise<boolean>): Promise<() => Promise<void>> {
  const child = spawn(program('nginx'), ['-c', path.join(dir, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const exited = once(child, 'exit')
  await eventually('nginx to answer', () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said}`)
    return answers()
  })
  return async () => {
    child.kill('SIGTERM')
    await exited
  }
}

/** Starts nginx before the hub at `hub` (its plain address on this machine); gone when the test ends. */
export async function startNginx(hub: string): Promise<Nginx> {
  const { dir, remove } = tempDir()
  onTestFinished(remove)
  const port = await freePort()
  const made = createCertificates({
    dir: path.join(dir, 'tls'),
    name: 'Proxy',
    clock: machineClock,
    log: quietLog,
  })
  const { cert, key, ca } = await made.current([NAME, '127.0.0.1'])
  for (const [file, text] of Object.entries({
    'cert.pem': cert,
    'key.pem': key,
    'nginx.conf': configuration(dir, documented(dir, port, hub)),
  }))
    writeFileSync(path.join(dir, file), text)
  const url = `https://127.0.0.1:${port}`
  const answers = () =>
    ask(url, '/api/health', { ca, headers: { host: `${NAME}:${port}` } }).then(
      ({ status }) => status === 200,
      () => false,
    )
  let end = await run(dir, answers)
  onTestFinished(() => end())
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return {
    url,
    host: `${NAME}:${port}`,
    ca,
    key: createHash('sha256').update(spki).digest('base64'),
    stop: () => end(),
    start: async () => {
      end = await run(dir, answers)
    },
  }
}
