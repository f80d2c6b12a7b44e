/** @file What a schema says of a value that does not fit, as a failure. Pure. */
import { type Failure, failure } from './errors.ts'
import { issues } from './messages/issues.ts'

/** As much of a schema's error as is needed: which value, and which rule. */
interface SchemaError {
  readonly issues: readonly {
    readonly code?: string
    readonly message: string
    readonly path: PropertyKey[]
  }[]
}

/** The failure `invalid` for the first thing a schema objects to; `at` names the value, below `inside` where that is given. */
export function issueOf(error: SchemaError, inside?: string): Failure {
  const [first] = error.issues
  const path = first?.path.map(String).join('.') ?? ''
  const at = [inside, path].filter(Boolean).join('.')
  // A check of ours has its code for a message; of all others the library's own code tells.
  const code = [first?.message, first?.code].find((one) => one !== undefined && Object.hasOwn(issues, one))
  const params = { why: 'arguments', what: at, issue: { code: `issues.${code ?? 'custom'}` } } as const
  return failure('invalid', params, at)
}
