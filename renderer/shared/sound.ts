/** @file The screen's chimes, made by Web Audio so that no file can be missing. Touches the audio device. */
import { createContext, useContext, useSyncExternalStore } from 'react'

export type Chime = 'new' | 'change' | 'void' | 'test'
/** `locked`: the browser waits for a tap. `missing`: this machine has no audio. */
export type SoundState = 'locked' | 'on' | 'missing'

export interface Sounds {
  readonly state: SoundState
  onState(listener: () => void): () => void
  play(chime: Chime): void
  /** Must be called from a tap or key press the first time. */
  enable(): Promise<void>
}

type Note = readonly [hertz: number, start: number, length: number]

/** Distinct by rhythm as well as pitch, for kitchens where only part of the spectrum gets through. */
const CHIMES: Readonly<Record<Chime, readonly Note[]>> = {
  new: [
    [880, 0, 0.14],
    [1320, 0.15, 0.3],
  ],
  change: [
    [660, 0, 0.12],
    [660, 0.18, 0.12],
    [880, 0.36, 0.25],
  ],
  void: [
    [520, 0, 0.3],
    [390, 0.32, 0.5],
  ],
  test: [
    [660, 0, 0.12],
    [880, 0.14, 0.12],
    [1320, 0.28, 0.3],
  ],
}

const VOLUME = 0.5

function playNote(audio: AudioContext, [hertz, start, length]: Note): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  const at = audio.currentTime + start
  oscillator.type = 'triangle'
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.001, at + length)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(at)
  oscillator.stop(at + length)
}

/** Makes the sounds of this page; `makeContext` is given by tests. */
export function createSounds(makeContext: () => AudioContext = () => new AudioContext()): Sounds {
  const listeners = new Set<() => void>()
  let audio: AudioContext | null = null
  let state: SoundState = 'locked'

  function update(): void {
    const next: SoundState = audio ? (audio.state === 'running' ? 'on' : 'locked') : 'missing'
    if (next === state) return
    state = next
    for (const listener of [...listeners]) listener()
  }
  try {
    audio = makeContext()
    audio.addEventListener('statechange', update)
  } catch {
    // Said on the screen as "No sound"; the board works without.
  }
  update()
  return {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    play(chime) {
      if (audio && state === 'on') for (const note of CHIMES[chime]) playNote(audio, note)
    },
    async enable() {
      await audio?.resume()
      update()
    },
  }
}

export const SoundsContext = createContext<Sounds | null>(null)

/** The page's sounds and whether they can be heard. */
export function useSounds(): { sounds: Sounds; state: SoundState } {
  const sounds = useContext(SoundsContext)
  if (!sounds) throw new Error('No sounds: wrap the page in <Screen>.')
  const state = useSyncExternalStore(sounds.onState, () => sounds.state)
  return { sounds, state }
}
