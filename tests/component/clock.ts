/** @file Time in component tests: the page's timers and clock stand still until a test moves them. */
import { vi } from 'vitest'

/** Stops time at a Friday evening. */
export function stopTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: Date.UTC(2026, 10, 20, 18, 42, 10),
  })
}

/** Lets `ms` go by. */
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
