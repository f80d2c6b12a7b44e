/** @file Lines of the audit trail about what the cloud refused and what people decided about it. Pure. */
import { ERROR_CODES, type ErrorCode } from '../../../shared/domain/errors.ts'
import type { Actor } from '../actor.ts'
import type { AuditEntry } from '../ports.ts'

/** Who stands behind what nobody here decided. */
export const CLOUD_DEVICE = { id: 'cloud', name: 'Cloud' }

export interface LaneNote {
  at: number
  /** An id of this line. */
  id: string
  name: 'cloudRefused' | 'cloudRetry' | 'cloudWithdraw'
  lane: string
  order: string | null
  number: string | null
  /** Null: the cloud itself. */
  actor: Actor | null
  refusal: { code: string; message: string } | null
  /** What became of it, in a sentence; of a refusal, its own words are used. */
  message?: string
  detail: Record<string, unknown>
}

const isErrorCode = (code: string): code is ErrorCode => (ERROR_CODES as readonly string[]).includes(code)

/** A line of the audit trail about a lane. */
export function auditOfLane({
  at,
  id,
  name,
  lane,
  order,
  number,
  actor,
  refusal,
  message = '',
  detail,
}: LaneNote): AuditEntry {
  const code = refusal?.code ?? 'ok'
  return {
    at,
    command: id,
    name,
    order,
    number,
    staff: actor?.staff ?? null,
    device: actor?.device ?? CLOUD_DEVICE,
    outcome: refusal === null ? 'ok' : isErrorCode(code) ? code : 'invalid',
    message: refusal?.message ?? message,
    args: JSON.stringify({ lane, ...detail, ...(refusal ? { code } : {}) }),
  }
}
