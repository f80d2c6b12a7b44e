/** @file The story of one order in Electron windows, and of what a cook has not seen. */
import { playStory } from '../story.ts'
import { playUnseen } from '../unseen.ts'
import { test } from './app.ts'

test('an order goes from the console through grill, fryer and expo to the guest', async ({ start }) => {
  const plate = await start({ windows: ['console', 'kitchen:grill', 'kitchen:fryer', 'expo'] })
  const screens = {
    console: await plate.page('console'),
    grill: await plate.page('kitchen:grill'),
    fryer: await plate.page('kitchen:fryer'),
    expo: await plate.page('expo'),
  }
  await playStory(screens)
  await playUnseen(screens)
})
