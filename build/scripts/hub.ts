/** @file `npm run hub`: the hub without Electron, built first when needed. Runs programs. */
import './lib/node-version.ts'
import { buildIfStale } from './lib/build-if-stale.ts'
import { become } from './lib/run.ts'

buildIfStale()
become(process.execPath, ['out/main/hub.js', ...process.argv.slice(2)])
