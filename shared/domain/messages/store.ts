/** @file Codes of what is the matter with the database, its folder and its backups, with their parameters. Pure. */
import type { Table } from './message.ts'

export const store = {
  // What the disk or the file refuses. `error` is what the system calls it.
  full: ['folder'],
  readOnly: ['folder'],
  damaged: [],
  broken: ['error'],
  lowSpace: ['megabytes', 'folder'],
  /** A first start on a disk that takes no writes. */
  nothingYet: ['folder'],
  /** What could only be read so far is not what the database holds. */
  changed: [],
  backupFailed: ['folder', 'error'],

  // Whose the file is.
  inUse: ['file'],
  otherProgram: ['file'],
  newerSchema: ['schema', 'known', 'file'],
  noFile: ['file'],
  notWhole: ['file'],

  // Whether it is there to be asked.
  alreadyOpen: [],
  notOpen: [],
  closed: [],
  threadFailed: ['error'],
  threadEnded: ['exit'],

  // What was put right at the start: what was the matter, from where it came back, what to do about the rest.
  recovered: ['found', 'source', 'rest'],
  setAside: ['file'],
  /** It was rebuilt in a copy: the file itself is still where it was. */
  wasDamaged: [],
  gone: [],
  fromBackup: ['at', 'count'],
  fromJournal: ['count'],
  lost: ['count'],
  complete: [],
  caughtUp: ['count'],
  caughtUpInPart: ['caughtUp', 'count'],
} as const satisfies Table
