/** @file Starts the kitchen page. */
import { start } from '../shared/screen.tsx'
import { KitchenApp } from './app.tsx'

start('kitchen', <KitchenApp station={new URLSearchParams(location.search).get('station')} />)
