/** @file The sound's own state and self-test: a kitchen must know before service whether it can hear. Plays sounds. */

import { useEffect } from 'react'
import { useSounds } from '../sound.ts'
import { Sign } from './sign.tsx'

/** Browsers unlock audio with any touch, so the first one anywhere on the page does it. */
function useUnlock(): void {
  const { sounds, state } = useSounds()
  useEffect(() => {
    if (state !== 'locked') return
    const unlock = () => void sounds.enable()
    addEventListener('pointerdown', unlock)
    addEventListener('keyup', unlock)
    unlock()
    return () => {
      removeEventListener('pointerdown', unlock)
      removeEventListener('keyup', unlock)
    }
  }, [sounds, state])
}

export function SoundButton() {
  const { sounds, state } = useSounds()
  useUnlock()
  if (state === 'missing') {
    return <span className="chip warning">No sound on this machine</span>
  }
  const test = async () => {
    await sounds.enable()
    sounds.play('test')
  }
  const words = state === 'on' ? 'Test sound' : 'Tap to enable sound'
  return (
    <button
      type="button"
      className={state === 'on' ? 'button quiet' : 'button warning'}
      aria-label={words}
      onClick={test}
    >
      <Sign>♪</Sign>
      <span className="sound-words">{words}</span>
      <span className="sound-word">{state === 'on' ? 'Test' : 'Sound off'}</span>
    </button>
  )
}
