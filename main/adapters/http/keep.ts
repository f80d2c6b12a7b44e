/** @file Small private files of the hub in the data folder: local key, LAN switch, where it runs. Touches that folder only. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../../core/ports.ts'

/** What a second program on this machine needs to find the running hub. */
export interface Running {
  url: string
  pid: number
}

/** What cannot be written now counts all the same, and is written once there is room. */
export interface Keep {
  /** A secret of this machine: whoever can read the data folder may open every screen here. Made once. */
  localKey(): string
  lanOn(): boolean
  setLan(on: boolean): void
  setRunning(running: Running | null): void
}

const FILES = { key: 'local-key', lan: 'lan.json', running: 'hub.json' } as const
type Name = keyof typeof FILES

/** How long (ms) until it is tried again to write what could not be. */
const AGAIN_MS = 5_000

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
export function createKeep(dir: string, log: Log): Keep {
  const at = (name: Name) => path.join(dir, FILES[name])
  const unsaved = new Map<Name, string>()
  let timer: NodeJS.Timeout | undefined

  function save(name: Name, text: string): void {
    try {
      write(at(name), text)
      unsaved.delete(name)
    } catch (error) {
      if (!unsaved.has(name)) log.warn('hub.notKept', { file: at(name), error: String(error) })
      unsaved.set(name, text)
      timer ??= setTimeout(saveAgain, AGAIN_MS).unref()
    }
  }
  function saveAgain(): void {
    timer = undefined
    for (const [name, text] of [...unsaved]) save(name, text)
  }
  /** Nothing is written any more: the next hub of this folder has its own. */
  function end(): void {
    clearTimeout(timer)
    unsaved.clear()
    try {
      rmSync(at('running'), { force: true })
    } catch (error) {
      log.warn('hub.notRemoved', { file: at('running'), error: String(error) })
    }
  }
  return {
    localKey() {
      const kept = readLocalKey(dir)
      if (kept) return kept
      const key = randomBytes(32).toString('base64url')
      save('key', key)
      return key
    },
    lanOn: () => (unsaved.get('lan') ?? read(at('lan')))?.includes('"on":true') ?? false,
    setLan: (on) => save('lan', JSON.stringify({ on })),
    setRunning: (running) => (running ? save('running', JSON.stringify(running)) : end()),
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
