/** @file Where this adapter's own thread starts, from the sources and in the built app. Pure. */

/** The entry of the thread: `worker.ts` in the sources; in the built app a bundle of its own, beside the caller's or above its chunk. */
export function workerUrl(): URL {
  const self = import.meta.url
  if (self.endsWith('.ts')) return new URL('./worker.ts', self)
  return new URL(/\/chunks\/[^/]+$/.test(self) ? '../store-worker.js' : './store-worker.js', self)
}
