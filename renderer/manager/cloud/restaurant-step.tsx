/** @file Step 3: which restaurant of the person who signed in, or a new one. Draws only. */
import { Option } from './option.tsx'
import { barredFor } from './restaurants.ts'
import { Step } from './step.tsx'
import type { Choice, StepContext } from './types.ts'

const isNew = (choice: Choice | null) => choice !== null && 'create' in choice

export function RestaurantStep({ draft, change, steps, notice, go }: StepContext) {
  const { choice, create, signedIn } = draft
  const known = signedIn?.restaurants ?? []
  const choose = (next: Choice) => change({ choice: next, take: null, aside: 0 })
  const named = create.trim() !== ''
  return (
    <Step
      steps={steps}
      at={2}
      title="Which restaurant is this PC in?"
      error={notice}
      busy={false}
      next="Go on"
      nextBusy="Go on"
      ready={choice !== null && (!isNew(choice) || named)}
      onNext={() => go('take')}
      onBack={() => go('enter')}
    >
      <div className="options" role="radiogroup" aria-label="Restaurant">
        {known.map((each) => (
          <Option
            key={each.id}
            name="restaurant"
            title={each.name}
            barred={barredFor(each)}
            checked={choice !== null && 'id' in choice && choice.id === each.id}
            onChoose={() => choose({ id: each.id })}
          >
            {each.empty ? 'Nothing in it yet.' : 'Has orders and a menu.'}
          </Option>
        ))}
        <Option
          name="restaurant"
          title="A new restaurant"
          checked={isNew(choice)}
          onChoose={() => choose({ create: create.trim() })}
        >
          {known.length ? 'For another house with orders of its own.' : 'You have none in this project yet.'}
        </Option>
      </div>
      {isNew(choice) && (
        <label>
          Its name
          <input
            maxLength={120}
            value={create}
            onChange={(event) =>
              change({ create: event.target.value, choice: { create: event.target.value.trim() } })
            }
          />
        </label>
      )}
    </Step>
  )
}
