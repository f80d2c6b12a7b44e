/** @file One sent item: change, split, void, fire or serve it. Sends commands. */

import { useState } from 'react'
import type { CommandArgs } from '../../shared/domain/commands.ts'
import type { Allergen } from '../../shared/domain/documents.ts'
import { handed } from '../../shared/domain/shown.ts'
import type { ItemView, TicketView } from '../../shared/domain/view.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Panel } from '../shared/components/panel.tsx'
import { ReasonForm } from '../shared/components/reason-form.tsx'
import { Select } from '../shared/components/select.tsx'
import { useClient, useDocument } from '../shared/hooks.ts'
import { type Runner, useCommand } from '../shared/use-command.ts'
import { courseOptions, groupsOf, missing } from './choices.ts'
import { Allergies, MOST_SEATS, SeatChoice } from './guest-choices.tsx'
import { ModifierGroups } from './modifier-groups.tsx'
import { Stepper } from './stepper.tsx'

interface DialogProps {
  ticket: TicketView
  item: ItemView
  onClose: () => void
}
type FormProps = DialogProps & { runner: Runner }

interface Wish {
  quantity: number
  modifiers: string[]
  note: string
  course: string
  seat: number | null
  allergies: Allergen[]
}

const sorted = (list: readonly string[]) => [...list].sort().join()

/** Only what differs is sent: a form saved unchanged alarms nobody in the kitchen. */
function changesOf(item: ItemView, wish: Wish) {
  const changes: Partial<CommandArgs<'changeItem'>> = {}
  if (wish.quantity !== item.quantity) changes.quantity = wish.quantity
  if (wish.note !== item.note) changes.note = wish.note
  if (wish.course && wish.course !== item.course?.id) changes.course = wish.course
  if (wish.seat !== item.seat) changes.seat = wish.seat
  if (sorted(wish.allergies) !== sorted(item.allergies)) changes.allergies = wish.allergies
  const before = item.modifiers.map((modifier) => modifier.id)
  if (sorted(before) !== sorted(wish.modifiers)) changes.modifiers = wish.modifiers
  return changes
}

/** How a dish is to be made; of what the guest has, only who they are can still be set right. */
function CookingFields({
  item,
  wish,
  change,
}: {
  item: ItemView
  wish: Wish
  change: (part: Partial<Wish>) => void
}) {
  const menu = useDocument('menu').body
  const dish = menu.items.find((candidate) => candidate.id === item.menuItem)
  return (
    <>
      <ModifierGroups
        groups={groupsOf(menu, dish)}
        chosen={wish.modifiers}
        onChange={(modifiers) => change({ modifiers })}
      />
      <div className="row">
        <Stepper label="Quantity" value={wish.quantity} onChange={(quantity) => change({ quantity })} />
        <Select
          label="Course"
          value={wish.course}
          options={[...(wish.course ? [] : [['', 'None'] as const]), ...courseOptions(menu)]}
          onChange={(course) => change({ course })}
        />
      </div>
      <label>
        Note for the kitchen
        <input maxLength={300} value={wish.note} onChange={(event) => change({ note: event.target.value })} />
      </label>
    </>
  )
}

function useSeats({ type, table, covers }: TicketView): number {
  const { tables } = useDocument('floor').body
  const seats = tables.find(({ id }) => id === table?.id)?.seats ?? 0
  return type === 'dineIn' ? Math.min(MOST_SEATS, Math.max(covers, seats)) : 0
}

function ChangeForm({ ticket, item, runner, onClose }: FormProps) {
  const client = useClient()
  const menu = useDocument('menu').body
  const seats = useSeats(ticket)
  const dish = menu.items.find((candidate) => candidate.id === item.menuItem)
  const [wish, setWish] = useState<Wish>({
    quantity: item.quantity,
    modifiers: item.modifiers.map((modifier) => modifier.id),
    note: item.note,
    course: item.course?.id ?? '',
    seat: item.seat,
    allergies: item.allergies,
  })
  const change = (part: Partial<Wish>) => setWish((now) => ({ ...now, ...part }))
  const changes = changesOf(item, wish)
  const short = missing(groupsOf(menu, dish), wish.modifiers)
  const save = () =>
    runner.run(() => client.send('changeItem', { order: ticket.id, item: item.id, ...changes }), onClose)
  return (
    <div className="form">
      {item.status !== 'served' && <CookingFields item={item} wish={wish} change={change} />}
      {(seats > 0 || item.seat !== null) && (
        <SeatChoice seat={wish.seat} seats={seats} onChange={(seat) => change({ seat })} />
      )}
      <Allergies allergies={wish.allergies} onChange={(allergies) => change({ allergies })} />
      {short && (
        <p className="needed">
          Choose {short.min} of “{short.name}”
        </p>
      )}
      <button
        type="button"
        className="button primary"
        disabled={runner.busy || short !== undefined || Object.keys(changes).length === 0}
        onClick={save}
      >
        Save change
      </button>
    </div>
  )
}

function SplitForm({ ticket, item, runner, onClose }: FormProps) {
  const client = useClient()
  const [quantity, setQuantity] = useState(1)
  return (
    <div className="row">
      <Stepper label="Split off" value={quantity} most={item.quantity - 1} onChange={setQuantity} />
      <button
        type="button"
        className="button"
        disabled={runner.busy}
        onClick={() =>
          runner.run(
            () =>
              client.send('splitItem', {
                order: ticket.id,
                item: item.id,
                newItem: client.newId(),
                quantity,
              }),
            onClose,
          )
        }
      >
        Split into two lines
      </button>
    </div>
  )
}

function Quick({ ticket, item, runner, onClose }: FormProps) {
  const client = useClient()
  const order = ticket.id
  return (
    <div className="row">
      {item.status === 'held' && (
        <button
          type="button"
          className="button primary"
          onClick={() => runner.run(() => client.send('fireItems', { order, items: [item.id] }), onClose)}
        >
          Fire now
        </button>
      )}
      {item.status === 'ready' && (
        <button
          type="button"
          className="button go"
          onClick={() => runner.run(() => client.send('serve', { order, items: [handed(item)] }), onClose)}
        >
          Serve
        </button>
      )}
    </div>
  )
}

export function ItemDialog(props: DialogProps) {
  const { ticket, item, onClose } = props
  const client = useClient()
  const runner = useCommand()
  const [voiding, setVoiding] = useState(false)
  const { busy, error } = runner
  return (
    <Panel as="over" title={`${item.quantity}× ${item.name}`} onClose={onClose}>
      <div className="form">
        <FailureText error={error} />
        <Quick {...props} runner={runner} />
        {!voiding && <ChangeForm {...props} runner={runner} />}
        {item.quantity > 1 && !voiding && <SplitForm {...props} runner={runner} />}
        {voiding ? (
          <ReasonForm
            action="Void this item"
            busy={busy}
            onConfirm={(reason) =>
              runner.run(() => client.send('voidItem', { order: ticket.id, item: item.id, reason }), onClose)
            }
          />
        ) : (
          <button type="button" className="button danger" onClick={() => setVoiding(true)}>
            Void…
          </button>
        )}
      </div>
    </Panel>
  )
}
