/** @file All streams of the contract: boards, documents, the 86 list, status and the log's head, kept current after each commit. */
import type { PublicStaff, StatusTopics } from '../../../shared/contract/contract.ts'
import type { State } from '../../../shared/domain/apply.ts'
import { DOCUMENT_NAMES, type DocumentName, type Staff } from '../../../shared/domain/documents.ts'
import type { DraftChanges } from '../engine/overlay.ts'
import { type Boards, createBoards } from './boards.ts'
import { type Channel, createChannel } from './channel.ts'
import type { Turns } from './turns.ts'
import { createWork } from './work.ts'

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
export function createStreams(state: State, epoch: string, head: number, turns: Turns): Streams {
  const boards = createBoards(state, epoch, turns)
  const work = createWork(state, turns)
  const documents = createChannel({ epoch, turns })
  const stock = createChannel({ epoch, turns })
  const status = createChannel({ epoch, turns })
  const log = createChannel({ epoch, turns })
  let unchecked = true

  const showHead = (value: number) => log.change([['head', JSON.stringify({ head: value })]])
  const showStock = (ids: Iterable<string>) =>
    stock.change([...ids].map((id) => [id, JSON.stringify({ out: state.stock.get(id)?.out ?? false })]))
  const showDocuments = (names: readonly DocumentName[]) =>
    documents.change(names.map((name) => [name, documentJson(state, name)]))

  function setStatus<T extends keyof StatusTopics>(topic: T, value: StatusTopics[T] | null): void {
    status.change([[topic, value === null ? null : JSON.stringify({ topic, value })]])
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
      boards.ordersChanged(changes.orders)
      work.ordersChanged(changes.orders)
      if (names.includes('stations')) {
        boards.allChanged()
        work.allChanged()
      }
      if (changes.stock.length) showStock(changes.stock)
      showHead(newHead)
      unchecked = true
    },
    checkWatched() {
      const stations = state.documents.stations.body.stations.map((station) => station.id)
      const unseen = stations.filter((station) => boards.watching(station) === 0)
      const watched = unseen.join()
      const open = work.counts()
      if (!open || (!unchecked && watched === watchedBefore)) return
      unchecked = false
      watchedBefore = watched
      const list = unseen.flatMap((station) => {
        const tickets = open.get(station)
        return tickets ? [{ station, tickets }] : []
      })
      setStatus('unwatched', list.length ? list : null)
    },
  }
}
