/** @file The menu of console and manager windows, as a template. Uses electron by type only; what items do is given. */
import type { MenuItemConstructorOptions } from 'electron'
import type { WindowChoice } from './arguments.ts'
import type { Station } from './loopback.ts'
import { isBoard, titleOf } from './titles.ts'
import type { WindowRecord } from './window-file.ts'

/** What the menu shows. */
export interface MenuState {
  stations: readonly Station[]
  windows: readonly { record: WindowRecord; fullscreen: boolean }[]
  displays: readonly { id: number; label: string }[]
  /** Whether other devices may connect; undefined where there is no hub. */
  lan: boolean | undefined
}

/** What the menu does. */
export interface MenuActions {
  open(choice: WindowChoice): void
  setDisplay(window: string, display: number): void
  setFullscreen(window: string, on: boolean): void
  setLan(on: boolean): void
  backup(): void
  showData(): void
  showLogs(): void
  quit(): void
}

/** Builds the menu for the present state. */
export function menuTemplate(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  return [
    { label: '&File', submenu: fileMenu(state, actions) },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: '&Screens', submenu: screensMenu(state, actions) },
    {
      role: 'help',
      submenu: [
        { label: 'Show &data folder', click: () => actions.showData() },
        { label: 'Show &logs', click: () => actions.showLogs() },
        { role: 'about' },
      ],
    },
  ]
}

function fileMenu({ stations, lan }: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const open = (label: string, choice: WindowChoice): MenuItemConstructorOptions => ({
    id: `open:${choice.role}${choice.station ? `:${choice.station}` : ''}`,
    label,
    click: () => actions.open(choice),
  })
  const kitchens = stations.map(({ id, name }) => open(name, { role: 'kitchen', station: id }))
  const sharing: MenuItemConstructorOptions = {
    id: 'lan',
    label: 'Share on the local &network',
    type: 'checkbox',
    checked: lan === true,
    click: (item) => actions.setLan(item.checked),
  }
  return [
    open('New &console', { role: 'console', station: null }),
    kitchens.length
      ? { label: 'New &kitchen display', submenu: kitchens }
      : { label: 'New &kitchen display (no stations yet)', enabled: false },
    open('New &expo display', { role: 'expo', station: null }),
    open('&Manager', { role: 'manager', station: null }),
    { type: 'separator' },
    ...(lan === undefined ? [] : [sharing]),
    { id: 'backup', label: '&Back up now', click: () => actions.backup() },
    { type: 'separator' },
    { id: 'quit', label: '&Quit Plate', accelerator: 'CommandOrControl+Q', click: () => actions.quit() },
  ]
}

/** Boards have no menu of their own, so their place is chosen here. */
function screensMenu({ windows, displays }: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const boards = windows.filter(({ record }) => isBoard(record.role))
  if (!boards.length) return [{ label: 'No kitchen or expo display is open', enabled: false }]
  return boards.map(({ record, fullscreen }) => ({
    label: titleOf(record),
    submenu: [
      {
        label: '&Full screen',
        type: 'checkbox',
        checked: fullscreen,
        click: (item) => actions.setFullscreen(record.id, item.checked),
      },
      { type: 'separator' },
      ...displays.map(
        ({ id, label }): MenuItemConstructorOptions => ({
          label,
          type: 'radio',
          checked: record.display === id,
          click: () => actions.setDisplay(record.id, id),
        }),
      ),
    ],
  }))
}
