/** @file Small private files of the hub in the data folder: local key, LAN switch, where it runs. Touches that folder only. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a second program on this machine needs to find the running hub. */
export interface Running {
  url: string
  pid: number
}

export interface Keep {
  /** A secret of this machine: whoever can read the data folder may open every screen here. Made once. */
  localKey(): string
  lanOn(): boolean
  setLan(on: boolean): void
  setRunning(running: Running | null): void
}

const FILES = { key: 'local-key', lan: 'lan.json', running: 'hub.json' } as const

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}

/** The hub's files below `dir`. Unreadable ones count as absent. */
export function createKeep(dir: string): Keep {
  const at = (name: keyof typeof FILES) => path.join(dir, FILES[name])
  return {
    localKey() {
      const kept = readLocalKey(dir)
      if (kept) return kept
      const key = randomBytes(32).toString('base64url')
      write(at('key'), key)
      return key
    },
    lanOn: () => read(at('lan'))?.includes('"on":true') ?? false,
    setLan: (on) => write(at('lan'), JSON.stringify({ on })),
    setRunning(running) {
      if (running) write(at('running'), JSON.stringify(running))
      else rmSync(at('running'), { force: true })
    },
  }
}

/** The local key of a data folder, or undefined when no hub ever ran there. */
export function readLocalKey(dir: string): string | undefined {
  const key = read(path.join(dir, FILES.key))?.trim()
  return key && /^[\w-]{43}$/.test(key) ? key : undefined
}

/** Where the hub of a data folder says it runs; undefined when none does. */
export function readRunning(dir: string): Running | undefined {
  const text = read(path.join(dir, FILES.running))
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Running)
  } catch {
    return undefined
  }
}

/** Compares secrets without telling by the time it takes how far they agree. */
export function sameSecret(given: string | undefined, secret: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
