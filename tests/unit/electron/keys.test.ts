/** @file Which keys reach a kitchen board. Pure. */
import { expect, test } from 'vitest'
import { isDangerousKey, type KeyInput } from '../../../main/electron/keys.ts'

/** `Ctrl+Shift+r` and the like as Electron reports it. */
function press(text: string): KeyInput {
  const parts = text === '+' ? ['+'] : text.split('+')
  const key = parts.at(-1) || '+'
  const has = (name: string) => parts.slice(0, -1).includes(name)
  return {
    type: 'keyDown',
    key,
    control: has('Ctrl'),
    meta: has('Cmd'),
    alt: has('Alt'),
    shift: has('Shift'),
  }
}

test.each([
  ...[
    'Ctrl+r',
    'Ctrl+Shift+R',
    'Cmd+r',
    'F5',
    'Ctrl+F5',
    'Ctrl+w',
    'Ctrl+q',
    'Cmd+q',
    'Ctrl+t',
    'Ctrl+n',
    'Ctrl+1',
  ],
  ...[
    'Ctrl+9',
    'Ctrl+0',
    'Ctrl++',
    'Ctrl+-',
    'Ctrl+=',
    'F11',
    'F12',
    'F7',
    'Ctrl+Shift+i',
    'Ctrl+Shift+J',
    'Ctrl+p',
  ],
  ...[
    'Cmd+Alt+i',
    'Ctrl+Tab',
    'Alt+ArrowLeft',
    'Alt+Home',
    'BrowserBack',
    'BrowserRefresh',
    'Ctrl+F4',
    'Ctrl+Alt+r',
  ],
])('%s does nothing on a board', (text) => {
  expect(isDangerousKey(press(text), false)).toBe(true)
})

test.each([
  ...[
    '1',
    '0',
    'Enter',
    'Backspace',
    ' ',
    'Escape',
    'ArrowLeft',
    'ArrowUp',
    'Home',
    'PageDown',
    'a',
    'Z',
    '+',
    '-',
  ],
  ...[
    'F1',
    'F2',
    'F10',
    'Control',
    'Ctrl+Control',
    'Shift',
    'Shift+Shift',
    'Alt+Alt',
    'Tab',
    'Shift+Tab',
    'Delete',
  ],
  ...['Ctrl+c', 'Ctrl+v', 'Ctrl+a', 'Ctrl+Alt+@', 'Ctrl+Alt+€'],
])('%s reaches the board', (text) => {
  expect(isDangerousKey(press(text), true)).toBe(false)
})

test('Alt+F4 and Alt+Tab belong to the person, except in kiosk mode', () => {
  expect(isDangerousKey(press('Alt+F4'), false)).toBe(false)
  expect(isDangerousKey(press('Alt+F4'), true)).toBe(true)
  expect(isDangerousKey(press('Alt+Tab'), true)).toBe(true)
})
