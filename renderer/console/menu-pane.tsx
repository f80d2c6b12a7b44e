/** @file The menu by category, as buttons to order from. Draws only; reads documents and stock. */
import { useState } from 'react'
import type { MenuItem } from '../../shared/domain/documents.ts'
import { money } from '../../shared/domain/money.ts'
import { useDocument, useStream } from '../shared/hooks.ts'

interface DishProps {
  item: MenuItem
  out: boolean
  onChoose: (item: MenuItem) => void
}

function Dish({ item, out, onChoose }: DishProps) {
  const { currency, locale } = useDocument('settings').body
  return (
    <button type="button" className="button dish" disabled={out} onClick={() => onChoose(item)}>
      <span>{item.name}</span>
      <span className="price">{out ? '86 — sold out' : money(item.price, currency, locale)}</span>
    </button>
  )
}

export function MenuPane({ onChoose }: { onChoose: (item: MenuItem) => void }) {
  const menu = useDocument('menu').body
  const stock = useStream('stock', {}).entries
  const [category, setCategory] = useState<string | null>(null)
  const shown = category ?? menu.categories[0]?.id
  return (
    <section className="menu" aria-label="Menu">
      <nav className="row" aria-label="Categories">
        {menu.categories.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="button"
            aria-pressed={id === shown}
            onClick={() => setCategory(id)}
          >
            {name}
          </button>
        ))}
      </nav>
      <div className="dishes">
        {menu.items
          .filter((item) => item.category === shown)
          .map((item) => (
            <Dish key={item.id} item={item} out={stock.get(item.id)?.out === true} onChoose={onChoose} />
          ))}
      </div>
    </section>
  )
}
