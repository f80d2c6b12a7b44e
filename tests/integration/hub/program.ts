/** @file Runs `plate-hub` as people do: a process of its own, started from the sources. */
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

const ENTRY = path.resolve(import.meta.dirname, '../../../main/headless/index.ts')

export interface Program {
  child: ChildProcess
  output(): { out: string; err: string }
  exited: Promise<number | null>
}

/** Starts the program; killed when the test ends, if it still runs. */
export function run(args: readonly string[], env: Record<string, string> = {}): Program {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PLATE_')))
  const child = spawn(process.execPath, ['--no-warnings', ENTRY, ...args], {
    // Where no developer's .env lies about.
    cwd: tmpdir(),
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  // `close` comes when the streams were read to their end, `exit` may come before.
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, exited, output: () => ({ out, err }) }
}

export interface Ready {
  event: 'HUB_READY'
  url: string
  tlsUrl: string | null
  key: string
}

/** What a started hub says when it is ready. Rejects with its output when it ends before. */
export function ready(program: Program): Promise<Ready> {
  return new Promise((resolve, reject) => {
    program.child.once('message', (message) => resolve(message as Ready))
    void program.exited.then((code) => reject(new Error(`ended with ${code}: ${program.output().err}`)))
  })
}
