/** @file The 86 list: which dishes have run out. Reads the client, sends setStock. */
import { useState } from 'react'
import { FailureText } from '../shared/components/failure.tsx'
import { useClient, useDocument, useStream } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'

export function StockList() {
  const client = useClient()
  const { categories, items } = useDocument('menu').body
  const stock = useStream('stock', {}).entries
  const [sought, setSought] = useState('')
  const { error, run } = useCommand()
  const isOut = (id: string) => stock.get(id)?.out === true
  const set = (menuItem: string, out: boolean) => run(() => client.send('setStock', { menuItem, out }))
  const matches = (name: string) => name.toLowerCase().includes(sought.toLowerCase())
  return (
    <div className="stock">
      <div className="row">
        <h2 className="grow">86 list</h2>
        <label>
          Find a dish
          <input type="search" value={sought} onChange={(event) => setSought(event.target.value)} />
        </label>
      </div>
      <FailureText error={error} />
      {categories.map((category) => {
        const dishes = items.filter((item) => item.category === category.id && matches(item.name))
        return (
          dishes.length > 0 && (
            <section key={category.id} aria-label={category.name}>
              <h3>{category.name}</h3>
              <div className="dishes">
                {dishes.map(({ id, name }) => (
                  <button
                    key={id}
                    type="button"
                    className={isOut(id) ? 'button dish out' : 'button dish'}
                    aria-pressed={isOut(id)}
                    onClick={() => set(id, !isOut(id))}
                  >
                    <span>{name}</span>
                    <span className="price">{isOut(id) ? '86 — sold out' : 'available'}</span>
                  </button>
                ))}
              </div>
            </section>
          )
        )
      })}
    </div>
  )
}
