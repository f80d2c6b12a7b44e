/** @file Reading events that came from a file or another device: understood, kept raw for a later version, or garbage. Pure. */
import { type DocumentName, documentSchemas } from '../documents.ts'
import { type Envelope, envelopeSchema } from './envelope.ts'
import { FEATURES } from './features.ts'
import { dataSchemas, type EventData, isKind, ORDERLESS, type PlateEvent, VERSIONS } from './kinds.ts'

/** An event that is understood, as it came: with all members, also those this version does not know. */
export interface Understood {
  as: 'event'
  event: PlateEvent
  /** It has members that this version does not know: a later one reads it again. */
  part: boolean
  /** Features that it needs and this version lacks: its order is not whole without them. */
  lacks: readonly string[]
}

/** An event that only a later version can read. It is kept raw and travels on. */
export interface Raw {
  as: 'raw'
  event: Envelope
  /** An unknown kind; a later version of a known one; or the right version with a shape that it cannot have. */
  why: 'kind' | 'version' | 'shape'
  lacks: readonly string[]
}

/** What cannot even be named. It is kept as it came and does not travel. */
export interface Garbage {
  as: 'garbage'
  /** For the log: where it is wrong. */
  why: string
}
export type Read = Understood | Raw
export type Parsed = Read | Garbage

/** Reads an event. Never throws. What it returns holds `raw` itself, so that no member is lost. */
export function parseEvent(raw: unknown): Parsed {
  const outer = envelopeSchema.safeParse(raw)
  if (!outer.success) return { as: 'garbage', why: whereOf(outer.error) }
  const event = raw as Envelope
  const lacks = (event.needs ?? []).filter((feature) => !FEATURES.includes(feature))
  const why = unreadable(event)
  if (why) return { as: 'raw', event, why, lacks }
  const part = hasMore(event, outer.data) || hasMoreData(event as PlateEvent)
  return { as: 'event', event: event as PlateEvent, part, lacks }
}

/** Whether ignoring it could hurt: it says so, or it is of a kind that this version otherwise reads. */
export const isMissed = (read: Read): boolean =>
  read.lacks.length > 0 || (read.as === 'raw' && read.why !== 'kind')

interface Issues {
  issues: readonly { path: PropertyKey[]; code?: string }[]
}

const whereOf = ({ issues }: Issues): string =>
  issues.map(({ path, code }) => `${path.map(String).join('.')} ${code ?? ''}`).join('; ')

function unreadable(event: Envelope): Raw['why'] | null {
  const { kind, v, order, data } = event
  if (!isKind(kind)) return 'kind'
  if (v > VERSIONS[kind]) return 'version'
  if ((order === null) !== ORDERLESS.has(kind)) return 'shape'
  if (!dataSchemas[kind].safeParse(data).success) return 'shape'
  return kind === 'document.published' ? unreadableDocument(data as EventData<typeof kind>) : null
}

function unreadableDocument({ name, body }: EventData<'document.published'>): Raw['why'] | null {
  if (!isDocument(name)) return 'kind'
  return documentSchemas[name].safeParse(body).success ? null : 'shape'
}

const isDocument = (name: string): name is DocumentName => Object.hasOwn(documentSchemas, name)

/** Whether the data has members that its schema does not know. */
function hasMoreData({ kind, data }: PlateEvent): boolean {
  if (hasMore(data, dataSchemas[kind].parse(data))) return true
  if (kind !== 'document.published') return false
  const { name, body } = data as EventData<'document.published'>
  return isDocument(name) && hasMore(body, documentSchemas[name].parse(body))
}

/** Whether `raw` has members anywhere that are missing in `known`, which is the same without what no schema knows. */
function hasMore(raw: unknown, known: unknown): boolean {
  if (typeof raw !== 'object' || raw === null || raw === known) return false
  if (typeof known !== 'object' || known === null) return true
  const members = Object.entries(raw)
  if (members.length !== Object.keys(known).length) return true
  return members.some(([name, value]) => hasMore(value, (known as Record<string, unknown>)[name]))
}
