/** @file Writing an order: the menu on one side, what has been chosen on the other. Keeps the draft, sends it. */
import { useState } from 'react'
import type { LineInput } from '../../shared/domain/commands.ts'
import type { MenuItem } from '../../shared/domain/documents.ts'
import { useClient, useDocument } from '../shared/hooks.ts'
import { Cart } from './cart.tsx'
import { groupsOf } from './choices.ts'
import { MOST_SEATS } from './guest-choices.tsx'
import { LineEditor } from './line-editor.tsx'
import { MenuPane } from './menu-pane.tsx'
import type { DraftPlace, Go } from './places.ts'
import { useDraft } from './use-draft.ts'

export function DraftEditor({ place, go }: { place: DraftPlace; go: Go }) {
  const client = useClient()
  const menu = useDocument('menu').body
  const table = useDocument('floor').body.tables.find((candidate) => candidate.id === place.table)
  const handle = useDraft(place, table?.seats ?? 0, (order) => go({ at: 'order', order }))
  const [editing, setEditing] = useState<LineInput | null>(null)
  const { draft } = handle
  const seats = draft.type === 'dineIn' ? Math.min(MOST_SEATS, Math.max(draft.covers, table?.seats ?? 0)) : 0

  const choose = (item: MenuItem) => {
    const line: LineInput = {
      id: client.newId(),
      menuItem: item.id,
      quantity: 1,
      modifiers: [],
      seat: null,
      note: '',
      allergies: [],
      hold: false,
    }
    if (groupsOf(menu, item).some((group) => group.min > 0)) setEditing(line)
    else handle.putLine(line)
  }
  const known = draft.lines.some((line) => line.id === editing?.id)
  const close = () => setEditing(null)
  return (
    <div className="draft">
      <MenuPane onChoose={choose} />
      <Cart handle={handle} place={place} tableName={table?.name} onEdit={setEditing} go={go} />
      {editing && (
        <LineEditor
          key={editing.id}
          menu={menu}
          line={editing}
          seats={seats}
          onClose={close}
          onSave={(line) => {
            handle.putLine(line)
            close()
          }}
          {...(known
            ? {
                onRemove: () => {
                  handle.removeLine(editing.id)
                  close()
                },
              }
            : {})}
        />
      )}
    </div>
  )
}
