/** @file The log on disk: one file a day in userData/logs, two weeks of them. Writes and deletes in that folder only. */
import { createWriteStream, mkdirSync, readdirSync, rmSync, type WriteStream } from 'node:fs'
import path from 'node:path'

const KEPT = 14
/** How long (ms) a disk that takes no lines is left alone. */
const AGAIN_MS = 60_000
const NAME = /^plate-\d{4}-\d{2}-\d{2}\.log$/

/** A destination for log lines. A disk that takes none costs the log, never the kitchen. */
export function logFile(folder: string, now: () => number): { write(line: string): void } {
  let day = ''
  let stream: WriteStream | undefined
  let openedAt = 0
  return {
    write(line) {
      const today = new Date(now()).toISOString().slice(0, 10)
      const again = (!stream || stream.destroyed) && now() - openedAt >= AGAIN_MS
      if (today !== day || again) {
        day = today
        openedAt = now()
        stream?.end()
        stream = open(folder, today)
      }
      stream?.write(line)
    },
  }
}

function open(folder: string, day: string): WriteStream | undefined {
  try {
    mkdirSync(folder, { recursive: true })
    const old = readdirSync(folder).filter((name) => NAME.test(name))
    for (const name of old.sort().slice(0, -KEPT)) rmSync(path.join(folder, name), { force: true })
    const stream = createWriteStream(path.join(folder, `plate-${day}.log`), { flags: 'a' })
    stream.on('error', () => stream.destroy())
    return stream
  } catch {
    return undefined
  }
}
