/** @file The end-to-end tests: in Electron and in a browser against the hub. Reads the environment only. */
import { defineConfig } from '@playwright/test'

const chromium = process.env.CHROMIUM_PATH
const report = process.env.PLATE_REPORT
const asRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // Two at a time, on ports and folders of their own: much of a start is waiting. What is promised in seconds counts quiet time.
  workers: 2,
  // A test that passes the second time hides a race.
  retries: 0,
  // A busy machine is slow, not wrong: these end what hangs. How fast screens are is measured by the benchmarks.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'electron', testMatch: 'electron/**/*.test.ts' },
    {
      name: 'browser',
      testMatch: 'browser/**/*.test.ts',
      use: {
        launchOptions: {
          ...(chromium ? { executablePath: chromium } : {}),
          args: asRoot ? ['--no-sandbox'] : [],
        },
      },
    },
  ],
})
