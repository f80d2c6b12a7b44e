/** @file Events: what happened, as it stands in the log and travels between devices. The door to events/. Pure. */
export { type Envelope, signedForm } from './events/envelope.ts'
export { type EventData, type EventKind, type PlateEvent, VERSIONS } from './events/kinds.ts'
export { isMissed, parseEvent, type Read } from './events/parse.ts'
export {
  type CourseRef,
  type Line,
  type LineModifier,
  type Move,
  RANK,
  type TaskDef,
} from './events/values.ts'
