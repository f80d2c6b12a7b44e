/** @file What can go wrong with a file, and what it says to the person at the machine. Pure. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { StoreError as StoreErrorShape, StoreTrouble } from '../../core/ports.ts'

export type StoreErrorCode = StoreErrorShape['code']

/** An expected failure of the store; `says` what to do, and its `message` is the code of that, for the log. */
export class StoreError extends Error implements StoreErrorShape {
  readonly code: StoreErrorCode
  readonly says: Message
  override readonly name = 'StoreError'

  constructor(code: StoreErrorCode, says: Message, cause?: unknown) {
    super(says.code, { cause })
    this.code = code
    this.says = says
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
export function troubleOf({ code, says }: StoreError): StoreTrouble {
  return { code: code === 'storeFull' || code === 'storeReadOnly' ? code : 'storeBroken', says }
}

/** Turns whatever was thrown into a failure that says what to do. `folder` is where the database lies. */
export function storeError(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  if (FULL.test(code)) return new StoreError('storeFull', say('store.full', { folder }), error)
  if (READ_ONLY.test(code)) return new StoreError('storeReadOnly', say('store.readOnly', { folder }), error)
  if (isCorrupt(error)) return new StoreError('storeBroken', say('store.damaged'), error)
  const called = error instanceof Error ? error.message : String(error)
  return new StoreError('storeBroken', say('store.broken', { error: called }), error)
}
