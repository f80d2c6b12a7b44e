/** @file Starts the manager page. */
import { start } from '../shared/screen.tsx'
import { ManagerApp } from './app.tsx'

start('manager', <ManagerApp />)
