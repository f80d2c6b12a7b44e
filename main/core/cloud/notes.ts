/** @file Lines of the audit trail about what the cloud refused and what people decided about it. Pure. */
import { ERROR_CODES, type ErrorCode } from '../../../shared/domain/errors.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
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
  refusal: { code: string; says: Message } | null
  /** What became of it; of a refusal, its own words are used. */
  says?: Message
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
  says,
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
    says: refusal?.says ?? says ?? null,
    args: JSON.stringify({ lane, ...detail, ...(refusal ? { code } : {}) }),
  }
}
