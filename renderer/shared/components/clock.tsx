/** @file The core's clock in a header. Reads the client. */
import { clock } from '../format.ts'
import { useDocument, useNow } from '../hooks.ts'

export function Clock() {
  const now = useNow()
  const { timeZone } = useDocument('settings').body
  return <time className="clock">{clock(now, timeZone)}</time>
}
