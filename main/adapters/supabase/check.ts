/** @file Whether an address and a key lead to a project that Plate can use. Opens connections. */
import type { Clock, CloudAnswer, CloudFailure, CloudProject } from '../../core/ports.ts'
import { createAsker } from './ask.ts'
import { createRestClient } from './client.ts'
import { type Verdict, WRONG_KEY_MESSAGE } from './failure.ts'
import { migrationCommand } from './project.ts'
import { checked } from './schemas.ts'

/** The schema this Plate asks for; later ones keep what earlier apps use. */
const SCHEMA = 1

function explained({ failure, staleToken, foreign }: Verdict, { url }: CloudProject): CloudFailure {
  // Without a session the key itself is the token.
  if (staleToken) return { code: 'wrongKey', message: WRONG_KEY_MESSAGE }
  const host = new URL(url).host
  if (foreign)
    return { code: 'refused', message: `${host} does not answer like a Supabase project. Check the address.` }
  if (failure.code !== 'noSchema') return failure
  const message = `This project has no tables for Plate yet. In Plate's folder run: ${migrationCommand(url)}`
  return { code: 'noSchema', message }
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
    const message = `This project's tables are older than this Plate. In Plate's folder run: ${migrationCommand(project.url)}`
    return { ok: false, error: { code: 'noSchema', message } }
  }
  return { ok: true, value: { skewMs: Math.round(clock.now() - half - answer.value.now), key: project.key } }
}
