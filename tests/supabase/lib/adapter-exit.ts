/** @file A program for a test: connects with the session given on standard input, goes live, calls, closes, and says so. */
import { text } from 'node:stream/consumers'
import { createSupabaseCloud } from '../../../main/adapters/supabase/index.ts'
import type { CloudLink } from '../../../main/core/ports.ts'
import { machineClock, quietLog } from '../../support/ports.ts'
import { createHeard, createTestVault } from './adapter.ts'

const { link, session } = JSON.parse(await text(process.stdin)) as { link: CloudLink; session: string }
const vault = createTestVault()
await vault.write('supabase-session', session)
const connection = createSupabaseCloud({ vault, log: quietLog, clock: machineClock }).connect(link)
const heard = createHeard()
connection.listen(heard.listener)
await heard.until(({ isLive }) => isLive())
await connection.pull({ after: 0, limit: 1, core: 'x' })
await connection.close()
process.stdout.write('closed\n')
