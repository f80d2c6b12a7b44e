/** @file Whether an address and a key lead to a project that Plate can use. Opens connections. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Clock, CloudAnswer, CloudFailure, CloudProject } from '../../core/ports.ts'
import { createAsker } from './ask.ts'
import { createRestClient } from './client.ts'
import { type Verdict, WRONG_KEY } from './failure.ts'
import { migrationCommand } from './project.ts'
import { checked } from './schemas.ts'

/** The schema this Plate asks for; later ones keep what earlier apps use. */
const SCHEMA = 1

function explained({ failure, staleToken, foreign }: Verdict, { url }: CloudProject): CloudFailure {
  // Without a session the key itself is the token.
  if (staleToken) return WRONG_KEY
  const host = new URL(url).host
  if (foreign) return { code: 'refused', says: say('cloud.notSupabase', { host }) }
  if (failure.code !== 'noSchema') return failure
  return { code: 'noSchema', says: say('cloud.noTables', { command: migrationCommand(url) }) }
}

/** Asks the project for its schema and its clock. */
export async function checkProject(
  project: CloudProject,
  clock: Clock,
): Promise<CloudAnswer<{ skewMs: number; key: string }>> {
  const asker = createAsker(new URL(project.url).host)
  const client = createRestClient(project, () => null, clock.now)
  const began = clock.monotonic()
  const answer = await asker.ask(checked, (signal) =>
    client.rpc('check_project').abortSignal(signal).throwOnError(),
  )
  const half = (clock.monotonic() - began) / 2
  if (!answer.ok) return { ok: false, error: explained(answer.verdict, project) }
  if (answer.value.schema < SCHEMA) {
    const says = say('cloud.oldTables', { command: migrationCommand(project.url) })
    return { ok: false, error: { code: 'noSchema', says } }
  }
  return { ok: true, value: { skewMs: Math.round(clock.now() - half - answer.value.now), key: project.key } }
}
