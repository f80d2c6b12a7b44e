/** @file windows.json: which windows there are and where they belong. Reads and writes that file in userData. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as z from 'zod/mini'
import type { Log } from '../core/ports.ts'
import { WINDOW_ROLES } from './arguments.ts'

const rect = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })

const recordSchema = z.object({
  /** Who the window is to the core: stays the same over restarts, never comes from its page. */
  id: z.string().check(z.regex(/^[a-z0-9-]{1,60}$/)),
  role: z.enum(WINDOW_ROLES),
  station: z.nullable(z.string().check(z.minLength(1), z.maxLength(64))),
  display: z.nullable(z.number()),
  bounds: z.nullable(rect),
  fullscreen: z.boolean(),
  /** Whether it opens at start. A closed window keeps its place for the next time. */
  open: z.boolean(),
})

/** One window, open or remembered. */
export type WindowRecord = z.infer<typeof recordSchema>

const fileSchema = z.object({ windows: z.array(recordSchema).check(z.maxLength(200)) })

export interface WindowFile {
  load(): WindowRecord[]
  save(records: readonly WindowRecord[]): void
}

/** Opens the file. One that cannot be read is set aside: forgotten places are better than no kitchen. */
export function windowFile(file: string, log: Log): WindowFile {
  return {
    load() {
      try {
        return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).windows
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') setAside(file, log, error)
        return []
      }
    },
    save(records) {
      // Written beside and renamed, so that a power cut leaves the old file or the new one.
      try {
        writeFileSync(`${file}.new`, JSON.stringify({ windows: records }, null, 2))
        renameSync(`${file}.new`, file)
      } catch (error) {
        log.warn('windows.not-saved', { error: String(error) })
      }
    },
  }
}

function setAside(file: string, log: Log, error: unknown): void {
  log.warn('windows.unreadable', { file, error: String(error) })
  try {
    renameSync(file, `${file}.unreadable`)
  } catch (renaming) {
    log.warn('windows.not-set-aside', { error: String(renaming) })
  }
}
