/** @file What windows are called and which display suits a new one. Pure. */
import type { WindowRole } from './arguments.ts'
import type { DisplayInfo } from './placement.ts'
import type { WindowRecord } from './window-file.ts'

const NAMES: Readonly<Record<WindowRole, string>> = {
  kitchen: 'Kitchen',
  expo: 'Expo',
  console: 'Console',
  manager: 'Manager',
}

/** Whether a role is a board that hangs in the kitchen: no menu, no shortcuts, kiosk on wish, its display awake. */
export const isBoard = (role: WindowRole): boolean => role === 'kitchen' || role === 'expo'

/** The name of a window, for its title bar and for the audit trail. */
export function titleOf({ role, station }: Pick<WindowRecord, 'role' | 'station'>): string {
  return station ? `${NAMES[role]} – ${station}` : NAMES[role]
}

/** A board gets a display of its own while there is one; everything else goes where people work, to the primary one. */
export function firstDisplay(
  role: WindowRole,
  displays: readonly DisplayInfo[],
  open: readonly Pick<WindowRecord, 'display'>[],
): number | null {
  const [primary, ...others] = displays
  if (!isBoard(role)) return primary?.id ?? null
  const free = others.find(({ id }) => open.every(({ display }) => display !== id))
  return (free ?? others[0] ?? primary)?.id ?? null
}
