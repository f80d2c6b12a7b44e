/** @file Which tests run where, and how much of the code they must reach. Reads the environment only. */
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

const full = { lines: 90, statements: 90, functions: 90, branches: 80 }

export default defineConfig({
  plugins: [react()],
  // Found beforehand: a dependency optimised in the middle of a run reloads the page under the tests.
  optimizeDeps: {
    include: ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'vitest-browser-react', 'i18next'],
  },
  test: {
    passWithNoTests: true,
    // A busy machine is slow, not wrong: only what never comes is an error.
    testTimeout: 30_000,
    hookTimeout: 30_000,
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
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real databases and sockets: more at once measures the machine instead of the code.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'supabase',
          include: ['tests/supabase/**/*.test.ts'],
          globalSetup: 'tests/supabase/lib/setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Most of the time they wait: for tokens to end, sockets to be missed, pauses to pass.
          maxWorkers: 4,
          // After the others: vitest wants a turn of its own for another number of workers.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'component',
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
