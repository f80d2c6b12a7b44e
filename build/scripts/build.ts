/** @file `npm run build`: builds out/ from the sources. Runs electron-vite. */
import './lib/node-version.ts'
import { buildNow } from './lib/build-if-stale.ts'

buildNow()
