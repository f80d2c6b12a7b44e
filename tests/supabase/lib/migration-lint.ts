/** @file Finds statements in a migration that would break PCs still running the previous version. Pure. */

/** What the previous version may rely on, by how it is taken away. */
const FORBIDDEN: [RegExp, string][] = [
  [/\bdrop\s+(table|column|function|view|type|schema)\b/i, 'drops what the previous version may use'],
  [
    /\brename\s+(to|column|constraint|value)\b|\brename\s+\w+\s+to\b/i,
    'renames what the previous version may use',
  ],
  [
    /\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i,
    'changes a type that the previous version may rely on',
  ],
  [/\bset\s+not\s+null\b/i, 'forbids nulls that the previous version may write'],
  [/\bset\s+schema\b/i, 'moves what the previous version may use'],
  [/\brevoke\b/i, 'takes a right away that the previous version may need'],
  [/\btruncate\b/i, 'empties a table'],
]

/** A column that must have a value needs one for rows and writers that know nothing of it. */
const COLUMN =
  /\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?!constraint|check|primary|foreign|unique)\w+\s[^,;]*\bnot\s+null\b[^,;]*/gi

/** A statement after this comment is meant: the version that needed it is gone everywhere. It says why. */
const ALLOWED = /--\s*contract:\s*\S/i

/** Function bodies are data here; what they do is another matter. */
const withoutBodies = (sql: string): string => sql.replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")

/** Comments with nothing in them that means something in SQL. */
const withTameComments = (sql: string): string =>
  sql.replace(/--[^\n]*/g, (comment) => comment.replace(/[;'$]/g, ' '))

/** Statements with the comments before them. */
const statements = (sql: string): string[] =>
  withoutBodies(withTameComments(sql))
    .replace(/'(?:[^']|'')*'/g, "''")
    .split(';')

const code = (statement: string): string => statement.replace(/--[^\n]*/g, '')

function faultsOf(statement: string): string[] {
  const faults = FORBIDDEN.filter(([pattern]) => pattern.test(statement)).map(([, why]) => why)
  const columns = statement.match(COLUMN) ?? []
  const bare = columns.filter((column) => !/\bdefault\b|\bgenerated\b/i.test(column))
  return bare.length ? [...faults, 'adds a column that must have a value but has no default'] : faults
}

/**
 * Finds what is not safe while PCs run the previous version. Allowed after a comment `-- contract: <why>` of its own.
 * @returns a line per finding, beginning with the statement.
 */
export function unsafeStatements(sql: string): string[] {
  return statements(sql).flatMap((statement) => {
    if (ALLOWED.test(statement)) return []
    const bare = code(statement).trim().replace(/\s+/g, ' ')
    return faultsOf(bare).map((fault) => `${bare.slice(0, 60)}: ${fault}`)
  })
}
