/** @file The oracle of portions: what is wanted, made and served, read straight off the events, slowly and without the state. Test kit. */
import type { EventData, PlateEvent } from '../../../shared/domain/events.ts'

type Kind<K extends PlateEvent['kind']> = Extract<PlateEvent, { kind: K }>
type Line = EventData<'item.added'>['line']
interface Fact {
  stamp: string
  saw?: readonly string[] | undefined
}
interface Recall extends Fact {
  n: number
  /** The round it opened; null when it was of an earlier step. */
  cycle: number | null
}
interface Press extends Fact {
  item: string
  task: string
  cycle: number
  rank: number
  n?: number | undefined
}

export interface ModelTask {
  made: number
  served: number
  toMake: number
}
export interface ModelLine {
  wanted: number
  tasks: Record<string, ModelTask>
}

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)
const byStamp = <F extends Fact>(list: readonly F[]) => [...list].sort((a, b) => (a.stamp < b.stamp ? -1 : 1))
const knew = (who: Fact, stamp: string) => (who.saw ? who.saw.includes(stamp) : stamp < who.stamp)

/** How the lines of one order stand by these events, whatever their order. Each event has its own stamp. */
export function model(log: readonly PlateEvent[]): Record<string, ModelLine> {
  const events = [...new Map(log.map((event) => [event.id, event])).values()]
  const of = <K extends PlateEvent['kind']>(kind: K) =>
    byStamp(events.filter((event): event is Kind<K> & PlateEvent => event.kind === kind)) as Kind<K>[]
  const undone = of('deeds.undone').flatMap(({ data }) =>
    data.items.flatMap((item) => data.deeds.map((deed) => item + deed)),
  )
  const presses: Press[] = of('tasks.moved')
    .flatMap(({ stamp, data }) => data.moves.map((move) => ({ stamp, ...move })))
    .filter(({ item, stamp }) => !undone.includes(item + stamp))
  const splits = of('item.split')
  const added = [...of('item.added'), ...splits].filter(
    ({ data }, index, all) => all.findIndex((other) => other.data.item === data.item) === index,
  )
  const writes = <F extends keyof Line>(item: string, field: F) =>
    of('item.changed')
      .filter(({ data }) => data.item === item && field in data.fields)
      .map(({ stamp, data }) => ({ stamp, saw: data.saw, value: data.fields[field as never] as Line[F] }))

  const births = new Map(added.map((event) => [event.data.item, event]))
  const parentOf = (item: string) => {
    const birth = births.get(item)
    return birth?.kind === 'item.split' ? birth : undefined
  }
  const partsOf = (item: string) => splits.filter(({ data }) => data.from === item)

  /** A split-off line has the changes of those who did not know that it was split off. */
  function changes<F extends 'modifiers' | 'note' | 'allergies'>(
    item: string,
    field: F,
  ): { stamp: string; value: Line[F] }[] {
    const split = parentOf(item)
    const meant = split ? changes(split.data.from, field).filter((write) => !knew(write, split.stamp)) : []
    return byStamp([...meant, ...writes(item, field)])
  }
  function wordingFor(item: string, who: Fact | null): Pick<Line, 'modifiers' | 'note' | 'allergies'> {
    const line = births.get(item)?.data.line as Line
    const value = <F extends 'modifiers' | 'note' | 'allergies'>(field: F) =>
      changes(item, field).findLast(({ stamp }) => !who || knew(who, stamp))?.value ?? line[field]
    return { modifiers: value('modifiers'), note: value('note'), allergies: value('allergies') }
  }
  function isWanted(item: string, who: Fact): boolean {
    const [then, now] = [wordingFor(item, who), wordingFor(item, null)]
    const ids = (list: Line['modifiers']) =>
      list
        .map(({ id }) => id)
        .sort()
        .join('|')
    return (
      then.note === now.note &&
      ids(then.modifiers) === ids(now.modifiers) &&
      now.allergies.every((one) => then.allergies.includes(one))
    )
  }

  function totalOf(item: string): number {
    const split = parentOf(item)
    const written = writes(item, 'quantity').at(-1)?.value
    if (!split) return written ?? (births.get(item)?.data.line.quantity as number)
    const grant = births.has(split.data.from) ? (grantsOf(split.data.from).get(item) as number) : split.data.n
    return written === undefined ? grant : Math.max(0, written - (split.data.n - grant))
  }
  function grantsOf(item: string): Map<string, number> {
    let left = totalOf(item)
    return new Map(
      partsOf(item).map(({ data }) => {
        const grant = Math.min(data.n, left)
        left -= grant
        return [data.item, grant]
      }),
    )
  }
  const wantedOf = (item: string) => totalOf(item) - sum([...grantsOf(item).values()])

  /** Recalls of a task and, since they say portions, of its earlier steps: by stamp, a press on the task itself first. */
  function recallsOn(item: string, index: number): Recall[] {
    const tasks = births.get(item)?.data.tasks ?? []
    const task = tasks[index]
    const step = task?.step ?? 0
    const all = presses.filter((press) => press.item === item && press.rank === 0 && press.cycle > 0)
    const own = all
      .filter((press) => press.task === task?.id)
      .map(({ stamp, n, cycle, saw }) => ({ stamp, n: n ?? Infinity, cycle, saw }))
    const early = tasks.filter((other) => other.step < step).map(({ id }) => id)
    const above = all
      .filter(
        (press) =>
          early.includes(press.task) &&
          press.n !== undefined &&
          !own.some(({ stamp }) => stamp === press.stamp),
      )
      .map(({ stamp, n, saw }) => ({ stamp, n: n as number, cycle: null, saw }))
    return [...own, ...new Map(above.map((recall) => [recall.stamp, recall])).values()]
  }
  const knewRecall = (press: Press, recall: Recall) =>
    press.saw || recall.cycle === null ? knew(press, recall.stamp) : recall.cycle <= press.cycle

  const share = (split: Kind<'item.split'>, what: 'made' | 'served', index: number) =>
    what === 'served' ? split.data.served : (split.data.made[index] ?? { had: 0, took: 0 })

  /** What a split took along that had gone already, by facts it did not know; and those facts. */
  function missing(item: string, what: 'made' | 'served', index: number): { lost: number; facts: string[] } {
    const split = parentOf(item)
    if (!split || !births.get(split.data.from)?.data.tasks[index]) return { lost: 0, facts: [] }
    const { had, took } = share(split, what, index)
    const unknown = (stamp: string) => !split.data.saw.includes(stamp)
    const others = partsOf(split.data.from).filter(({ stamp }) => stamp < split.stamp && unknown(stamp))
    const recalls = recallsOn(split.data.from, index).filter(
      (recall) => unknown(recall.stamp) && !knew(recall, split.stamp),
    )
    const above = missing(split.data.from, what, index)
    const late = above.facts.filter(unknown)
    const gone = sum(others.map((other) => share(other, what, index).took))
    const back = sum(recalls.map(({ n }) => n)) + (late.length ? above.lost : 0)
    const left = Math.max(0, Math.min(took, had - gone) - back)
    return {
      lost: took - left,
      facts: [...others.map(({ stamp }) => stamp), ...recalls.map(({ stamp }) => stamp), ...late],
    }
  }

  function count(item: string, index: number, what: 'made' | 'served'): number {
    const birth = births.get(item) as Kind<'item.added'> | Kind<'item.split'>
    const task = birth.data.tasks[index]?.id ?? ''
    const mine = presses.filter((press) => press.item === item && press.task === task)
    const said = mine.filter(({ rank, n }) =>
      what === 'served' ? rank === 3 : rank === 2 || (rank === 1 && n !== undefined),
    )
    const brought: Press[] =
      birth.kind === 'item.split'
        ? [
            {
              item,
              task,
              cycle: 0,
              rank: 2,
              stamp: birth.stamp,
              saw: birth.data.saw,
              n: share(birth, what, index).took,
            },
          ]
        : []
    const late = missing(item, what, index)
    const worth = (press: Press) => {
      const known = byStamp(writes(item, 'quantity'))
        .filter(({ stamp }) => knew(press, stamp))
        .at(-1)?.value
      const n = press.n ?? known ?? (birth.kind === 'item.split' ? birth.data.n : birth.data.line.quantity)
      const back = recallsOn(item, index).filter((recall) => !knewRecall(press, recall))
      const gone = partsOf(item).filter(({ stamp }) => !knew(press, stamp))
      const owed = late.facts.every((fact) => knew(press, fact)) ? 0 : late.lost
      return (
        n -
        sum(back.map((recall) => recall.n)) -
        sum(gone.map((split) => share(split, what, index).took)) -
        owed
      )
    }
    const counting = [...said, ...brought].filter((press) => what === 'served' || isWanted(item, press))
    return Math.max(0, ...counting.map(worth))
  }

  const lines = [...births].map(([item, { data }]): [string, ModelLine] => {
    const wanted = wantedOf(item)
    const tasks = data.tasks.map(({ id }, index) => ({
      id,
      made: count(item, index, 'made'),
      served: count(item, index, 'served'),
    }))
    const served = Math.min(...tasks.map((task) => task.served))
    return [
      item,
      {
        wanted,
        tasks: Object.fromEntries(
          tasks.map(({ id, ...task }) => [
            id,
            { ...task, toMake: Math.max(0, wanted - Math.max(task.made, served)) },
          ]),
        ),
      },
    ]
  })
  return Object.fromEntries(lines)
}
