/** @file Builds main, preload and the windows into out/. Reads the sources, writes out/ only. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import about from './package.json' with { type: 'json' }
import { PAGES } from './shared/domain/roles.ts'

type Inputs = Record<string, string>

/** Only what exists is built, so that the app works while a window is still missing; nothing at all is an error. */
function present(part: string, inputs: Inputs): Inputs {
  const found = Object.entries(inputs)
    .map(([name, file]) => [name, path.resolve(import.meta.dirname, file)] as const)
    .filter(([, file]) => existsSync(file))
  if (!found.length) throw new Error(`${part}: none of ${Object.values(inputs).join(', ')} exists`)
  return Object.fromEntries(found)
}

const main = present('main', {
  index: 'main/electron/index.ts',
  hub: 'main/headless/index.ts',
  'store-worker': 'main/adapters/sqlite/worker.ts',
})

const windows = present(
  'renderer',
  Object.fromEntries([...PAGES, 'join'].map((name) => [name, `renderer/${name}/index.html`])),
)

/**
 * The same files are served from plate://app/ and from the hub's web server, both at the root, and there a page must
 * load with or without a slash at its end. electron-vite sets './' (made for file:) over any `base`, so this comes last.
 */
const servedFromRoot = {
  name: 'plate:served-from-root',
  enforce: 'post' as const,
  config: (config: { base?: string }) => {
    config.base = '/'
  },
}

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Dependencies stay external: native addons and programs that spawn others cannot be bundled.
      externalizeDeps: true,
      rolldownOptions: {
        input: main,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can require nothing but electron, so everything else goes into the one file.
      externalizeDeps: false,
      lib: { entry: 'preload/index.ts', formats: ['cjs'], fileName: () => 'index.cjs' },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), servedFromRoot],
    define: { 'import.meta.env.VITE_PLATE_VERSION': JSON.stringify(about.version) },
    build: { outDir: 'out/renderer', minify: true, rolldownOptions: { input: windows } },
  },
})
