/** @file Pairing in a browser: the code, what can go wrong with it, and where it leads. */
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { JoinApp } from '../../renderer/join/app.tsx'
import { failure } from '../../shared/domain/errors.ts'

const answer = (body: unknown) => vi.fn(async () => Response.json(body)) as unknown as typeof fetch

test('a code from the address leads to the page of its kind', async () => {
  const go = vi.fn()
  const ask = answer({ device: { id: 'd', name: 'Grill', kind: 'kitchen', station: 'grill' } })
  await render(<JoinApp code="482 913" go={go} ask={ask} />)
  await page.getByRole('button', { name: 'Pair' }).click()
  await expect.poll(() => go.mock.calls).toEqual([['/kitchen/?station=grill']])
  expect(ask).toHaveBeenCalledWith('/api/pair', expect.objectContaining({ body: '{"code":"482913"}' }))
})

test('a kind without a station has a plain address', async () => {
  const go = vi.fn()
  await render(<JoinApp code="482913" go={go} ask={answer({ device: { kind: 'expo', station: null } })} />)
  await page.getByRole('button', { name: 'Pair' }).click()
  await expect.poll(() => go.mock.calls).toEqual([['/expo/']])
})

test('a wrong code is told, and can be typed anew', async () => {
  const ask = answer({ error: failure('wrongCode', { why: 'pairing' }) })
  await render(<JoinApp code="" ask={ask} />)
  await expect.element(page.getByRole('button', { name: 'Pair' })).toBeDisabled()
  await page.getByLabelText('Pairing code').fill('12x3456')
  await page.getByRole('button', { name: 'Pair' }).click()
  await expect.element(page.getByRole('alert')).toMatchTextContent('This code is wrong, used or expired.')
})

test('a PC that does not answer is said to be unreachable', async () => {
  const ask = vi.fn(async () => Promise.reject(new TypeError('network'))) as unknown as typeof fetch
  await render(<JoinApp code="123456" ask={ask} />)
  await page.getByRole('button', { name: 'Pair' }).click()
  await expect.element(page.getByRole('alert')).toMatchTextContent('did not answer')
})
