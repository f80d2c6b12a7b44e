/** @file What the parts of the kitchen board share. Types only. */

export interface StationInfo {
  id: string
  name: string
  warnAfter: number
  lateAfter: number
}

/** The panel beside the tickets, if any. */
export type Drawer = 'none' | 'recall' | 'allDay'
