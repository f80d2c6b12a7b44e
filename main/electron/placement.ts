/** @file Where a window goes: remembered displays and bounds against the displays there are now. Pure. */

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** What placement needs to know of a display (Electron's Display has more). */
export interface DisplayInfo {
  id: number
  bounds: Rect
  /** Without task bars. */
  workArea: Rect
}

/** What a window remembers of its place. */
export interface Place {
  /** The display it belongs to; null: none chosen yet. */
  display: number | null
  /** Bounds when not full screen; null: none yet. */
  bounds: Rect | null
  fullscreen: boolean
}

export interface Placement {
  display: number
  bounds: Rect
  fullscreen: boolean
  /** Its own display is unplugged: it is a guest here, and goes back when the display returns. */
  away: boolean
}

/** Share of a window that must be on some display for its bounds to be believed. */
const VISIBLE_SHARE = 0.3
const PREFERRED = { width: 1280, height: 800 }

/** Decides where a window goes. `displays` has at least one; the first is the primary one. */
export function placeWindow(place: Place, displays: readonly DisplayInfo[]): Placement {
  const home = displays.find(({ id }) => id === place.display)
  const display = home ?? nearest(place.bounds, displays)
  const away = place.display !== null && !home
  const bounds = place.fullscreen ? display.bounds : windowed(place.bounds, display, displays)
  return { display: display.id, bounds, fullscreen: place.fullscreen, away }
}

/** The display that shows most of `bounds`; the primary one when none does. */
export function nearest(bounds: Rect | null, displays: readonly DisplayInfo[]): DisplayInfo {
  const [primary] = displays
  if (!primary) throw new Error('there is no display')
  if (!bounds) return primary
  return displays.reduce((best, each) => {
    return overlap(bounds, each.bounds) > overlap(bounds, best.bounds) ? each : best
  }, primary)
}

/** Bounds as remembered where they can be seen, else brought into the display. */
function windowed(bounds: Rect | null, display: DisplayInfo, displays: readonly DisplayInfo[]): Rect {
  if (!bounds) return centred(PREFERRED, display.workArea)
  const onHome = overlap(bounds, display.bounds) > 0
  const seen = displays.reduce((sum, each) => sum + overlap(bounds, each.workArea), 0)
  if (onHome && seen >= VISIBLE_SHARE * bounds.width * bounds.height && isOn(bounds, displays)) return bounds
  return centred(bounds, display.workArea)
}

/** Whether the title bar can be grabbed: a window whose top is above every display cannot be moved back. */
function isOn(bounds: Rect, displays: readonly DisplayInfo[]): boolean {
  const bar = { ...bounds, height: 30 }
  return displays.some(({ workArea }) => overlap(bar, workArea) > 0)
}

function centred(size: { width: number; height: number }, area: Rect): Rect {
  const width = Math.min(size.width, area.width)
  const height = Math.min(size.height, area.height)
  const x = area.x + Math.round((area.width - width) / 2)
  const y = area.y + Math.round((area.height - height) / 2)
  return { x, y, width, height }
}

/** Shared area of two rectangles. */
function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
