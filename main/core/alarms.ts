/** @file Alarms: what people should act on, told to every screen until it is over. */
import type { StatusTopics } from '../../shared/contract/contract.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
import type { Log } from './ports.ts'

export type Alarm = StatusTopics['alarms'][number]

export interface Alarms {
  raise(id: string, level: Alarm['level'], says: Message): void
  clear(id: string): void
}

const same = (a: Message, b: Message) => JSON.stringify(a) === JSON.stringify(b)

/** Creates the list; `show` gets it after each change. */
export function createAlarms(now: () => number, log: Log, show: (alarms: Alarm[]) => void): Alarms {
  const present = new Map<string, Alarm>()
  return {
    raise(id, level, says) {
      const known = present.get(id)
      if (known && known.level === level && same(known.says, says)) return
      present.set(id, { id, level, says, since: known?.since ?? now() })
      log.warn('ALARM_RAISED', { alarm: id, level, says })
      show([...present.values()])
    },
    clear(id) {
      if (!present.delete(id)) return
      log.info('ALARM_CLEARED', { alarm: id })
      show([...present.values()])
    },
  }
}
