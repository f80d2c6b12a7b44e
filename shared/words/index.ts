/** @file Words: turns messages and failures into sentences of a language. Pure; used where people read: screens, command lines, files. */
import { createInstance, type i18n } from 'i18next'
import { type Failure, messageOf } from '../domain/errors.ts'
import type { Message, Param, Params } from '../domain/messages/message.ts'
import { flatten } from './catalogue.ts'
import { en } from './en/index.ts'

export interface WordsOptions {
  /** BCP 47; English stands in for what a language does not have. */
  language?: string
  /** IANA zone of the moments in messages; UTC where it is absent or unknown. */
  zone?: string
}

/** A failure as it may come from an older Plate, which wrote its sentence itself. */
type Spoken = { message?: string }

export interface Words {
  /** The sentence for a message. */
  say(message: Message): string
  /** The sentence for a failure: what went wrong, and what to do. */
  failure(failure: Failure): string
}

const CATALOGUES = { en } as const

/** The last ms UTC that is a date; a clock gone mad may have written later ones. */
const LAST_MS = 8.64e15

function momentFormat(language: string, zone: string | undefined): Intl.DateTimeFormat {
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
  const hourCycle = 'h23'
  try {
    return new Intl.DateTimeFormat(language, { ...options, hourCycle, timeZone: zone ?? 'UTC' })
  } catch {
    return new Intl.DateTimeFormat(language, { ...options, hourCycle, timeZone: 'UTC' })
  }
}

function translator(language: string): i18n {
  const instance = createInstance()
  const resources = Object.fromEntries(
    Object.entries(CATALOGUES).map(([name, catalogue]) => [name, { translation: flatten(catalogue) }]),
  )
  // Everything is bundled, so this is done when it returns. Screens escape what they show themselves.
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    resources,
    initAsync: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    returnNull: false,
  })
  return instance
}

const isMessage = (param: Param): param is Message =>
  typeof param === 'object' && param !== null && !Array.isArray(param)

/** Begins with a capital, unless with an address: that is written as it is. */
const capital = (text: string) =>
  /^\S+[.:]\S/.test(text) ? text : text.charAt(0).toLocaleUpperCase() + text.slice(1)

/** Makes the words of a language. */
export function createWords({ language = 'en', zone }: WordsOptions = {}): Words {
  const { t, exists } = translator(language)
  const moments = momentFormat(language === 'en' ? 'en-GB' : language, zone)
  const lists = new Intl.ListFormat(language, { type: 'unit', style: 'short' })

  /** A parameter as it stands in a sentence. What is absent has a word of its own where the catalogue gives one. */
  function param(name: string, value: Param): string | number {
    if (value === null || value === '') return exists(`absent.${name}`) ? t(`absent.${name}`) : ''
    if (typeof value === 'boolean') return String(value)
    if (name === 'at' && typeof value === 'number')
      return moments.format(Math.max(-LAST_MS, Math.min(LAST_MS, value)))
    // Each of `roles` is a `role`.
    if (Array.isArray(value))
      return lists.format(value.map((one: Param) => String(param(name.replace(/s$/, ''), one))))
    // Where a code stands for a thing (a field, a document), the catalogue may have its name.
    if (typeof value === 'string') return exists(`${name}s.${value}`) ? t(`${name}s.${value}`) : value
    return isMessage(value) ? say(value) : (value as number)
  }

  function say({ code, params = {} }: Message): string {
    const { why } = params
    const key = [typeof why === 'string' ? `${code}.${why}` : code, `${code}.unknown`].find(known)
    // A newer Plate may say what this one has no words for yet.
    if (key === undefined) return t('unknown', { code: typeof why === 'string' ? `${code}.${why}` : code })
    return t(key, worded(params)).trim()
  }

  /** Whether there is a sentence with this key: not a group of them. */
  const known = (key: string) =>
    exists(key) || (exists(`${key}_other`) && typeof t(`${key}_other`) === 'string')

  function worded(params: Params): Record<string, string | number> {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, param(name, value)]))
  }

  return {
    say: (message) => capital(say(message)),
    failure(failure) {
      const { message } = failure as Spoken
      return message ?? capital(say(messageOf(failure)))
    },
  }
}
