/** @file Step 3: which restaurant of the person who signed in, or a new one. Draws only. */
import { Option } from './option.tsx'
import { barredFor } from './restaurants.ts'
import { Step } from './step.tsx'
import type { Choice, Draft, StepContext } from './types.ts'

/** The restaurant that is to be made, as typed so far. */
function made({ create, person = '' }: Pick<Draft, 'create' | 'person'>): Choice {
  return { create: create.trim(), ...(person.trim() && { person: person.trim() }) }
}

const isNew = (choice: Choice | null) => choice !== null && 'create' in choice

export function RestaurantStep({ draft, change, steps, notice, go }: StepContext) {
  const { choice, create, person = '', signedIn } = draft
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
          onChoose={() => choose(made(draft))}
        >
          {known.length ? 'For another house with orders of its own.' : 'You have none in this project yet.'}
        </Option>
      </div>
      {isNew(choice) && (
        <>
          <label>
            Its name
            <input
              maxLength={120}
              value={create}
              onChange={({ target: { value } }) =>
                change({ create: value, choice: made({ create: value, person }) })
              }
            />
          </label>
          <label>
            Your name and phone (optional): a PC that you lock says whom to call
            <input
              maxLength={120}
              autoComplete="name"
              value={person}
              onChange={({ target: { value } }) =>
                change({ person: value, choice: made({ create, person: value }) })
              }
            />
          </label>
        </>
      )}
    </Step>
  )
}
