/** @file A snapshot on its way to one screen, page by page. It holds no copy: each page is read from the values when it is sent. Pure. */

/** A page of a snapshot ends with the value that fills it (characters of JSON). */
export const PAGE_CHARS = 64 * 1024
/** When this many keys were removed between two pages a snapshot is not worth going on with: what was sent is mostly gone. */
export const MAX_GONE = 10_000

export interface Pages {
  /** The next page as parts of a frame, and whether it is the last. */
  next(): { type: 'snap' | 'batch'; changes: string; last: boolean }
  /** These keys were removed. False: it is not worth going on. */
  gone(keys: readonly string[]): boolean
}

/** One entry of a collection, as JSON; the value is JSON already. */
export const entryJson = ([key, json]: [key: string, json: string]) => `[${JSON.stringify(key)},${json}]`
/** Keys as JSON, without brackets. */
export const keysJson = (keys: Iterable<string>) => [...keys].map((key) => JSON.stringify(key)).join()

/**
 * Starts a snapshot of `values`, in pages of `most` characters. Whoever changes a value meanwhile puts it behind all others
 * (removes it first), so that it is met, once more if it was passed already.
 */
export function createPages(values: ReadonlyMap<string, string>, most: number): Pages {
  // It goes through the values as they are at each moment, and meets what is added behind it.
  const entries = values.entries()
  /** Removed since the last page; the screen may have them. */
  const gone = new Set<string>()
  let begun = false

  function read(): { items: string; last: boolean } {
    const items: string[] = []
    for (let size = 0; size < most; ) {
      const next = entries.next()
      if (next.done) return { items: items.join(), last: true }
      const text = entryJson(next.value)
      gone.delete(next.value[0])
      items.push(text)
      size += text.length
    }
    return { items: items.join(), last: false }
  }

  return {
    next() {
      const { items, last } = read()
      if (!begun) {
        begun = true
        gone.clear()
        return { type: 'snap', changes: `"items":[${items}]`, last }
      }
      const changes = `"in":[${items}],"put":[],"out":[${keysJson(gone)}]`
      gone.clear()
      return { type: 'batch', changes, last }
    },
    gone(keys) {
      for (const key of keys) gone.add(key)
      return gone.size <= MAX_GONE
    },
  }
}
