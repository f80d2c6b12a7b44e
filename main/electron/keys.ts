/** @file Which keys a kitchen screen must not act on. Pure: a cleaning cloth on a keyboard must not close the board. */

/** What Electron's before-input-event tells of a key. */
export interface KeyInput {
  type: string
  key: string
  control: boolean
  meta: boolean
  alt: boolean
  shift: boolean
}

const MODIFIERS: readonly string[] = ['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'NumLock']

/** Reload, caret browsing, full screen, developer tools, and what multimedia keyboards have for browsers. */
const ALWAYS: readonly string[] = [
  'F5',
  'F7',
  'F11',
  'F12',
  'BrowserBack',
  'BrowserForward',
  'BrowserRefresh',
  'BrowserHome',
  'BrowserSearch',
  'BrowserFavorites',
  'BrowserStop',
  'ZoomIn',
  'ZoomOut',
]

/** Editing text is harmless, and staff do type names and notes. */
const EDITING: readonly string[] = ['a', 'c', 'v', 'x', 'z']

/**
 * Whether a key press must not reach the page or the menus. Keys of bump bars pass: digits, arrows, Enter, letters, most
 * function keys, and Control, Shift or Alt pressed alone.
 */
export function isDangerousKey(input: KeyInput, kiosk: boolean): boolean {
  const { key, control, meta, alt, shift } = input
  if (MODIFIERS.includes(key)) return false
  if (ALWAYS.includes(key)) return true
  // AltGr arrives as Control + Alt and types characters such as @ and €.
  if (control && alt && [...key].length === 1 && !/^[a-z0-9]$/i.test(key)) return false
  if (control || meta) return shift || alt || !EDITING.includes(key.toLowerCase())
  // Alt+arrows go back in the history; Alt+F4 closes, which outside kiosk mode is a person's right.
  if (alt) return /^(Arrow|Home$)/.test(key) || (kiosk && /^(F\d+|Tab|Escape| )$/.test(key))
  return false
}
