/** @file Starts the expo page. */
import { start } from '../shared/screen.tsx'
import { ExpoApp } from './app.tsx'

start('expo', <ExpoApp />)
