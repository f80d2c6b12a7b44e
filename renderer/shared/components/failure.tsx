/** @file A refusal of the core, shown where it happened. Draws only. */
import type { Failure } from '../../../shared/domain/errors.ts'
import { useWords } from '../words.ts'

export function FailureText({ error }: { error: Failure | null }) {
  const words = useWords()
  return error ? (
    <p className="error" role="alert">
      {words.failure(error)}
    </p>
  ) : null
}
