/** @file `npm run dist`: builds and packs the installers. Runs electron-vite and electron-builder. */
import './lib/node-version.ts'
import { buildNow } from './lib/build-if-stale.ts'
import { runBin } from './lib/run.ts'

// Installers are always built afresh: a stale out/ must never reach a restaurant.
buildNow()
process.exit(runBin('electron-builder', process.argv.slice(2)))
