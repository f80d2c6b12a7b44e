/** @file All streams of the contract: boards, documents, the 86 list, status and the log's head, kept current after each commit. */
import type { PublicStaff, StatusTopics } from '../../../shared/contract/contract.ts'
import type { State } from '../../../shared/domain/apply.ts'
import { DOCUMENT_NAMES, type DocumentName, type Staff } from '../../../shared/domain/documents.ts'
import { stationsWithWork } from '../../../shared/domain/view.ts'
import type { DraftChanges } from '../engine/overlay.ts'
import { type Boards, createBoards } from './boards.ts'
import { type Channel, createChannel } from './channel.ts'

export interface Streams {
  boards: Boards
  documents: Channel
  stock: Channel
  status: Channel
  log: Channel
  /** Brings all streams in line with a committed batch. */
  publish(changes: DraftChanges, head: number): void
  setStatus<T extends keyof StatusTopics>(topic: T, value: StatusTopics[T] | null): void
  /** Tells which stations have open work that no screen shows. Call it now and then; it is cheap when nothing changed. */
  checkWatched(): void
}

/** What screens may know of the staff: everything but the PIN hashes. */
export function publicStaff(staff: Staff): PublicStaff {
  return {
    members: staff.members.map(({ pinHash, ...member }) => ({ ...member, hasPin: pinHash !== undefined })),
  }
}

function documentJson(state: State, name: DocumentName): string {
  const { version, body } = state.documents[name]
  return JSON.stringify({ name, version, body: name === 'staff' ? publicStaff(body as Staff) : body })
}

/** Creates the streams over a loaded state. */
export function createStreams(state: State, epoch: string, head: number): Streams {
  const boards = createBoards(state, epoch)
  const documents = createChannel(epoch)
  const stock = createChannel(epoch)
  const status = createChannel(epoch)
  const log = createChannel(epoch)
  let unchecked = true

  const showHead = (value: number) => log.change([['head', JSON.stringify({ head: value })]])
  const showStock = (ids: Iterable<string>) =>
    stock.change([...ids].map((id) => [id, JSON.stringify({ out: state.stock.get(id)?.out ?? false })]))
  const showDocuments = (names: readonly DocumentName[]) =>
    documents.change(names.map((name) => [name, documentJson(state, name)]))

  function setStatus<T extends keyof StatusTopics>(topic: T, value: StatusTopics[T] | null): void {
    status.change([[topic, value === null ? null : JSON.stringify({ topic, value })]])
  }

  /** Orders with open work, per station. */
  function openWork(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const order of state.orders.values()) {
      for (const station of stationsWithWork(state.documents, order)) {
        counts.set(station, (counts.get(station) ?? 0) + 1)
      }
    }
    return counts
  }

  showDocuments(DOCUMENT_NAMES)
  showStock(state.stock.keys())
  showHead(head)

  let watchedBefore = ''
  return {
    boards,
    documents,
    stock,
    status,
    log,
    setStatus,
    publish(changes, newHead) {
      const names = Object.keys(changes.documents) as DocumentName[]
      if (names.length) showDocuments(names)
      if (names.includes('stations')) boards.allChanged()
      else boards.ordersChanged(changes.orders)
      if (changes.stock.length) showStock(changes.stock)
      showHead(newHead)
      unchecked = true
    },
    checkWatched() {
      const stations = state.documents.stations.body.stations.map((station) => station.id)
      const unseen = stations.filter((station) => boards.watching(station) === 0)
      const watched = unseen.join()
      if (!unchecked && watched === watchedBefore) return
      unchecked = false
      watchedBefore = watched
      const open = openWork()
      const list = unseen.flatMap((station) => {
        const tickets = open.get(station)
        return tickets ? [{ station, tickets }] : []
      })
      setStatus('unwatched', list.length ? list : null)
    },
  }
}
