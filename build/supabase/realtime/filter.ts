/** @file The filters of postgres_changes: column=op.value, several by commas. Pure. */

export interface Condition {
  column: string
  not: boolean
  op: string
  value: string
}

type Row = Record<string, unknown>

const unquote = (text: string): string => (text.startsWith('"') ? text.slice(1, -1) : text)

/** @throws with a sentence when the filter cannot be understood. */
export function parseFilter(filter: string | undefined): Condition[] {
  const parts = filter?.match(/(?:"[^"]*"|\([^)]*\)|[^,])+/g) ?? []
  return parts.map((part) => {
    const [, column, not, op, value] =
      /^([^=]+)=(not\.)?(eq|neq|lt|lte|gt|gte|in|is)\.(.*)$/s.exec(part) ?? []
    if (!column || !op || value === undefined) throw new Error(`invalid filter: ${part}`)
    return { column, not: Boolean(not), op, value }
  })
}

function compare(actual: unknown, wanted: string): number {
  if (typeof actual === 'number') return actual - Number(wanted)
  const text = String(actual)
  return text < wanted ? -1 : text > wanted ? 1 : 0
}

function holds({ op, value }: Condition, actual: unknown): boolean {
  if (op === 'is') return value === 'null' ? actual === null : String(actual) === value
  if (actual === null || actual === undefined) return false
  if (op === 'in')
    return value
      .replace(/^\(|\)$/g, '')
      .split(',')
      .map(unquote)
      .includes(String(actual))
  const order = compare(actual, unquote(value))
  const answers: Record<string, boolean> = {
    eq: order === 0,
    neq: order !== 0,
    lt: order < 0,
    lte: order <= 0,
    gt: order > 0,
    gte: order >= 0,
  }
  return answers[op] ?? false
}

export const matches = (conditions: readonly Condition[], row: Row): boolean =>
  conditions.every((condition) => holds(condition, row[condition.column]) !== condition.not)
