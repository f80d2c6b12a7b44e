/** @file A refusal of the core, shown where it happened. Draws only. */
import type { Failure } from '../../../shared/domain/errors.ts'

export function FailureText({ error }: { error: Failure | null }) {
  return error ? (
    <p className="error" role="alert">
      {error.message}
    </p>
  ) : null
}
