/** @file Encodes frames once for many sockets. Pure, apart from its small memory. */

/** Distinct frames under way at the same time: one per view of a burst (stations, pass, console, peers). */
const REMEMBERED = 16

/**
 * Makes an encoder to UTF-8 that remembers the last few frames: a batch that goes to a thousand screens is the same string
 * a thousand times, and its bytes are made once. The buffers are shared, so nobody may write into them.
 */
export function createEncoder(): (frame: string) => Buffer {
  const frames: string[] = []
  const buffers: Buffer[] = []
  let next = 0
  return (frame) => {
    // Comparing strings is cheap here: the same string object is equal at once, others differ in length or early.
    const known = buffers[frames.indexOf(frame)]
    if (known) return known
    const buffer = Buffer.from(frame)
    frames[next] = frame
    buffers[next] = buffer
    next = (next + 1) % REMEMBERED
    return buffer
  }
}
