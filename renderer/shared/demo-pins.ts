/** @file The published PINs of the demo staff, shown while the demo restaurant is in use. Data only. */

/** By staff id of the shipped demo restaurant. */
export const DEMO_PINS: readonly { who: string; pin: string }[] = [
  { who: 'Ana, server', pin: '1111' },
  { who: 'Emil, host', pin: '5555' },
  { who: 'Dora, expo', pin: '4444' },
  { who: 'Farah, manager', pin: '9999' },
]
