/** @file Reading the journal back: line by line, past torn ones. Reads the journal folder only. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type JournalLine, journalFiles } from './journal.ts'

const CHUNK = 1 << 20
const TAIL = 1 << 16

function parseLine(text: string): JournalLine | undefined {
  try {
    const line = JSON.parse(text) as JournalLine
    return line.v === 1 && typeof line.device === 'string' && Number.isInteger(line.line) ? line : undefined
  } catch {
    return undefined
  }
}

function* texts(file: string, from = 0): Generator<string> {
  const handle = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK)
    let rest: Buffer = Buffer.alloc(0)
    for (let at = from; ; ) {
      const count = readSync(handle, chunk, 0, CHUNK, at)
      if (!count) break
      at += count
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)])
      const end = bytes.lastIndexOf(0x0a) + 1
      yield* bytes.toString('utf8', 0, end).split('\n')
      rest = bytes.subarray(end)
    }
    yield rest.toString('utf8')
  } finally {
    closeSync(handle)
  }
}

/** Every readable line of the folder, day by day; `torn` hears of each that is not. */
export function* readJournal(folder: string, torn: () => void = () => {}): Generator<JournalLine> {
  for (const { file } of journalFiles(folder)) {
    for (const text of texts(file)) {
      if (text === '') continue
      const line = parseLine(text)
      if (line) yield line
      else torn()
    }
  }
}

function lastOf(file: string): JournalLine | undefined {
  const handle = openSync(file, 'r')
  const size = fstatSync(handle).size
  closeSync(handle)
  // Usually the last part has it; a line longer than that sends us through the whole file.
  for (const from of [Math.max(0, size - TAIL), 0]) {
    const line = [...texts(file, from)].reverse().map(parseLine).find(Boolean)
    if (line) return line
  }
  return undefined
}

/**
 * The last readable line of each file. The newest of all is among them, though not always in the last file: files are
 * named by the clock, and clocks jump.
 */
export function lastLines(folder: string): JournalLine[] {
  return journalFiles(folder)
    .map(({ file }) => lastOf(file))
    .filter((line) => line !== undefined)
}
