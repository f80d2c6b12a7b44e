/** @file The wire format of Realtime (phoenix, vsn 2.0.0). Pure. */

/** [join ref, ref, topic, event, payload] */
export interface Frame {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  payload: Record<string, unknown>
}

const PUSH = 3

/** A broadcast pushed by a client comes in binary: seven lengths, then the parts. */
function decodePush(data: Buffer): Frame | undefined {
  const [kind, joinRef = 0, ref = 0, topic = 0, event = 0, meta = 0, isJson] = data
  if (kind !== PUSH) return undefined
  let at = 7
  const take = (length: number): string => {
    at += length
    return data.subarray(at - length, at).toString()
  }
  const frame = { joinRef: take(joinRef), ref: take(ref), topic: take(topic) }
  const name = take(event)
  take(meta)
  const rest = data.subarray(at)
  const payload: unknown = isJson === 1 ? JSON.parse(rest.toString()) : rest.toString('base64')
  return { ...frame, event: 'broadcast', payload: { type: 'broadcast', event: name, payload } }
}

/** @returns undefined for what nobody understands; such a frame is ignored. */
export function decode(data: Buffer, isBinary: boolean): Frame | undefined {
  try {
    if (isBinary) return decodePush(data)
    const [joinRef, ref, topic, event, payload] = JSON.parse(data.toString()) as unknown[]
    if (typeof topic !== 'string' || typeof event !== 'string') return undefined
    return {
      joinRef: typeof joinRef === 'string' ? joinRef : null,
      ref: typeof ref === 'string' ? ref : null,
      topic,
      event,
      payload: typeof payload === 'object' && payload !== null ? { ...payload } : {},
    }
  } catch {
    return undefined
  }
}

export const encode = ({ joinRef, ref, topic, event, payload }: Frame): string =>
  JSON.stringify([joinRef, ref, topic, event, payload])
