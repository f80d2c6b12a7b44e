/** @file The story of one order in Electron windows. */
import { playStory } from '../story.ts'
import { test } from './app.ts'

test('an order goes from the console through grill, fryer and expo to the guest', async ({ start }) => {
  const plate = await start({ windows: ['console', 'kitchen:grill', 'kitchen:fryer', 'expo'] })
  await playStory({
    console: await plate.page('console'),
    grill: await plate.page('kitchen:grill'),
    fryer: await plate.page('kitchen:fryer'),
    expo: await plate.page('expo'),
  })
})
