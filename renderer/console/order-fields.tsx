/** @file How each field of an order is entered: a row each, for a new order and for one that was sent. Draws only. */
import { Fragment, type ReactNode } from 'react'
import { PRIORITIES, type SimpleFields, type SimpleName } from '../../shared/domain/order-fields.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { Select } from '../shared/components/select.tsx'
import { Stepper } from './stepper.tsx'

interface Control<V> {
  value: V
  onChange: (value: V) => void
}

interface Editor<V> {
  draw(control: Control<V>): ReactNode
  /** The only type of order that has it; every type when absent. */
  only?: TicketView['type']
  /** It stays as it was sent: the kitchen would not be told of another one. */
  fixed?: true
}

const PRIORITY_NAMES = { normal: 'Normal', rush: '⚡ Rush', vip: '★ VIP' } as const

function Text({ label, max, value, onChange }: Control<string> & { label: string; max: number }) {
  return (
    <label className="whole">
      {label}
      <input maxLength={max} value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}

/** In the order in which they stand on the screen. */
const EDITORS: { [N in SimpleName]: Editor<SimpleFields[N]> } = {
  covers: {
    draw: (control) => <Stepper label="Covers" least={0} most={500} {...control} />,
    only: 'dineIn',
  },
  priority: {
    draw: (control) => (
      <Select
        label="Priority"
        options={PRIORITIES.map((priority) => [priority, PRIORITY_NAMES[priority]] as const)}
        {...control}
      />
    ),
  },
  note: {
    draw: (control) => <Text label="Order note" max={300} {...control} />,
    fixed: true,
  },
}
const NAMES = Object.keys(EDITORS) as SimpleName[]

function editable(type: TicketView['type'], sent: boolean): SimpleName[] {
  return NAMES.filter((name) => {
    const { only = type, fixed } = EDITORS[name]
    return only === type && !(sent && fixed)
  })
}

interface FieldsProps {
  type: TicketView['type']
  /** Only what can be changed once the order was sent. */
  sent?: boolean
  values: SimpleFields
  onChange: (part: Partial<SimpleFields>) => void
}

export function OrderFieldEditors({ type, sent = false, values, onChange }: FieldsProps) {
  const draw = <N extends SimpleName>(name: N) =>
    EDITORS[name].draw({
      value: values[name],
      onChange: (value) => onChange({ [name]: value } as Partial<SimpleFields>),
    })
  return editable(type, sent).map((name) => <Fragment key={name}>{draw(name)}</Fragment>)
}
