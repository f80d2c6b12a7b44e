/** @file What can go wrong with a file, in words for the person at the machine. Pure. */
import type { StoreError as StoreErrorShape, StoreTrouble } from '../../core/ports.ts'

export type StoreErrorCode = StoreErrorShape['code']

/** An expected failure of the store; its message says what to do. */
export class StoreError extends Error implements StoreErrorShape {
  readonly code: StoreErrorCode
  override readonly name = 'StoreError'

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

// SQLITE_IOERR_WRITE is what a quota, a file size limit or a share without space gives instead of SQLITE_FULL.
const FULL = /^(SQLITE_FULL|SQLITE_IOERR_WRITE|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT|EFBIG)$/
const READ_ONLY =
  /^(SQLITE_READONLY\w*|SQLITE_CANTOPEN\w*|SQLITE_PERM|SQLITE_IOERR_(ACCESS|SHMOPEN|DELETE)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EEXIST|EISDIR)$/
const CORRUPT = /^SQLITE_(CORRUPT\w*|NOTADB)$/

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')

/** Whether SQLite says that the file itself is damaged. */
export function isCorrupt(error: unknown): boolean {
  return CORRUPT.test(codeOf(error))
}

/** Whether the disk takes nothing just now, which may pass: what it holds can be read meanwhile. */
export function isRefusal({ code }: StoreError): boolean {
  return code === 'storeFull' || code === 'storeReadOnly'
}

/** What callers are told of a failure. */
export function troubleOf({ code, message }: StoreError): StoreTrouble {
  return { code: code === 'storeFull' || code === 'storeReadOnly' ? code : 'storeBroken', message }
}

/** Turns whatever was thrown into a failure with advice. `folder` is where the database lies. */
export function storeError(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  if (FULL.test(code)) {
    return new StoreError(
      'storeFull',
      `The disk takes no more data, so nothing was saved. Free some space on the disk that holds ${folder}; Plate goes on by itself as soon as there is room. If there is plenty of room, the disk may be failing: call whoever looks after this computer.`,
      error,
    )
  }
  if (READ_ONLY.test(code)) {
    return new StoreError(
      'storeReadOnly',
      `Plate may not write to ${folder}, so nothing was saved. Check that the folder exists, that the disk is connected and that this user may write there.`,
      error,
    )
  }
  if (isCorrupt(error)) {
    return new StoreError(
      'storeBroken',
      'The database is damaged, so nothing was saved. Restart Plate: it sets the damaged file aside and recovers the orders from its backup and journal.',
      error,
    )
  }
  return new StoreError(
    'storeBroken',
    `The database does not work, so nothing was saved (${error instanceof Error ? error.message : String(error)}). Restart Plate; if this comes back, call whoever looks after this computer.`,
    error,
  )
}
