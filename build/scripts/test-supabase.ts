/** @file `npm run test:supabase`: the tests against Supabase, on the local backend or on the project in SUPABASE_URL. Runs vitest. */
import './lib/node-version.ts'
import { runBin } from './lib/run.ts'
import { heading } from './lib/say.ts'

const { SUPABASE_URL, SUPABASE_DB_URL } = process.env
heading(SUPABASE_URL ? `On the project ${SUPABASE_URL}` : 'On the local backend')
if (SUPABASE_URL && !SUPABASE_DB_URL) heading('Without SUPABASE_DB_URL, tests that need SQL are skipped')

// Verbose, so that what a project cannot be tested for is named and not only counted.
process.exit(
  runBin('vitest', ['run', '--project', 'supabase', '--reporter=verbose', ...process.argv.slice(2)]),
)
