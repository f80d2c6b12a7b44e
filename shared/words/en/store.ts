/** @file English: what is the matter with the database and its backups. Pure. */
import type { store as codes } from '../../domain/messages/store.ts'
import type { Catalogue } from '../catalogue.ts'

export const store = {
  full: 'The disk takes no more data, so nothing was saved. Free some space on the disk that holds {{folder}}; Plate goes on by itself as soon as there is room. If there is plenty of room, the disk may be failing: call whoever looks after this computer.',
  readOnly:
    'Plate may not write to {{folder}}, so nothing was saved. Check that the folder exists, that the disk is connected and that this user may write there.',
  damaged:
    'The database is damaged, so nothing was saved. Restart Plate: it sets the damaged file aside and recovers the orders from its backup and journal.',
  broken:
    'The database does not work, so nothing was saved ({{error}}). Restart Plate; if this comes back, call whoever looks after this computer.',
  lowSpace:
    'Only {{megabytes}} MB are free on the disk that holds {{folder}}. Free some space before it is full.',
  nothingYet:
    'Nothing has been saved in {{folder}} yet, so these boards are empty. If there should be orders, see that the disk they are on is connected.',
  changed:
    'What this PC shows is not what it has saved. Restart Plate, so that it goes on with what is saved.',
  backupFailed:
    'The backup could not be made in {{folder}}: {{error}}. Orders are saved all the same; see that the disk has room and can be written to.',

  inUse:
    'Plate is already running with this data folder ({{file}}). Use the window that is open, stop the other Plate or hub, or start this one with a data folder of its own.',
  otherProgram:
    '{{file}} belongs to another program. Move it away, or start Plate with a data folder of its own.',
  newerSchema:
    'This database was written by a newer Plate (schema {{schema}}, this one knows {{known}}): {{file}}. Update Plate, or restore a backup made before the update (npm run restore -- FILE). Nothing was changed.',
  noFile: 'There is no file {{file}}.',
  notWhole: '{{file}} is not a whole Plate database. Choose another backup.',

  alreadyOpen: 'The store is already open.',
  notOpen: 'The store is not open.',
  closed: 'The store is closed.',
  threadFailed:
    'The part of Plate that saves orders has stopped ({{error}}). Restart Plate; everything confirmed before is safe.',
  threadEnded:
    'The part of Plate that saves orders has stopped (exit code {{exit}}). Restart Plate; everything confirmed before is safe.',

  recovered: '{{found}} {{source}} {{rest}}',
  setAside: 'The database was damaged and was set aside as {{file}}.',
  wasDamaged: 'The database was damaged.',
  gone: 'The database was gone.',
  fromBackup: {
    one: 'It was rebuilt from the backup of {{at}} and {{count}} later change from the journal.',
    other: 'It was rebuilt from the backup of {{at}} and {{count}} later changes from the journal.',
  },
  fromJournal: {
    one: 'There was no usable backup; it was rebuilt from {{count}} change in the journal.',
    other: 'There was no usable backup; it was rebuilt from {{count}} changes in the journal.',
  },
  lost: {
    one: '{{count}} change could not be recovered: compare the open tickets with the kitchen.',
    other: '{{count}} changes could not be recovered: compare the open tickets with the kitchen.',
  },
  complete: 'Compare the open tickets with the kitchen once.',
  caughtUp: {
    one: 'The database was behind its journal, as after an older copy was put back or a disk lost writes. {{count}} change was recovered from the journal.',
    other:
      'The database was behind its journal, as after an older copy was put back or a disk lost writes. {{count}} changes were recovered from the journal.',
  },
  caughtUpInPart:
    '{{caughtUp}} {{count}} more could not be recovered: compare the open tickets with the kitchen.',
} as const satisfies Catalogue<typeof codes>
