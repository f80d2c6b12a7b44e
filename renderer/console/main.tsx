/** @file Starts the console page. */
import { start } from '../shared/screen.tsx'
import { ConsoleApp } from './app.tsx'

start('console', <ConsoleApp />)
