/** @file One text for one value, whatever the order of its keys: for tie-breaks and comparisons. Pure. */

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

/** JSON of a plain value with the keys of its objects sorted. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value))
}
