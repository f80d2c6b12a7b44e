/** @file Which tests run where, and how much of the code they must reach. Reads the environment only. */
import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const chromium = process.env.CHROMIUM_PATH
const asRoot = process.getuid?.() === 0

const launchOptions = {
  ...(chromium ? { executablePath: chromium } : {}),
  // Chromium refuses its sandbox to root, which containers often are.
  args: asRoot ? ['--no-sandbox'] : [],
}

/** For tests whose length is the machine's: programs, sockets, databases. Their waits have watchdogs of their own. */
const HANG_MS = process.env.PLATE_LONG ? 3_600_000 : 600_000
const patient = { testTimeout: HANG_MS, hookTimeout: HANG_MS, expect: { poll: { timeout: 60_000 } } }

/** Test files that are about the database itself. */
const SQL = [
  'migrations',
  'append',
  'pull',
  'read-models',
  'convergence',
  'archive',
  'intake',
  'rights-grants',
]

const full = { lines: 90, statements: 90, functions: 90, branches: 80 }

export default defineConfig({
  plugins: [react()],
  // Found beforehand: a dependency optimised in the middle of a run reloads the page under the tests.
  optimizeDeps: {
    include: ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'vitest-browser-react', 'i18next'],
  },
  test: {
    passWithNoTests: true,
    // Twice the processors: much of the time they wait for tokens to end, sockets to be missed, pauses to pass.
    maxWorkers: availableParallelism() * 2,
    // A busy machine is slow, not wrong: these end what hangs and tells nobody.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    coverage: {
      provider: 'v8',
      include: ['main/**/*.{ts,tsx}', 'shared/**/*.ts', 'renderer/**/*.{ts,tsx}'],
      exclude: ['**/*.d.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: {
        lines: 80,
        statements: 80,
        functions: 80,
        branches: 70,
        'shared/domain/**': full,
        'renderer/kitchen/**': full,
      },
    },
    projects: [
      {
        extends: true,
        // They start nothing and leave nothing behind: half of their time was starting a process for each file.
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false },
      },
      { extends: true, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          ...patient,
          include: ['tests/integration/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'supabase',
          ...patient,
          include: ['tests/supabase/**/*.test.ts'],
          globalSetup: 'tests/supabase/lib/setup.ts',
          setupFiles: 'tests/supabase/lib/tell-cluster.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          ...patient,
          include: ['tests/system/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          // What the migrations promise, on Debian's PostgreSQL as well.
          name: 'system-postgres',
          ...patient,
          include: SQL.map((name) => `tests/supabase/${name}.test.ts`),
          globalSetup: 'tests/system/lib/postgres.ts',
          setupFiles: 'tests/supabase/lib/tell-cluster.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'component',
          testTimeout: 60_000,
          include: ['tests/component/**/*.test.tsx'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
