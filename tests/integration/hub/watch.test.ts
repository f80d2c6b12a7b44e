/** @file What whoever watches over the hub sees: health, metrics, log. No secrets in any of them. */
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../main/adapters/log/index.ts'
import { createMetrics } from '../../../main/adapters/metrics/index.ts'
import { createEncoder } from '../../../main/adapters/ws/encode.ts'
import { ask, cookieOf, localCookie, openScreen, startTestHub } from './harness.ts'

describe('health and metrics', () => {
  test('health says what works, without secrets', async () => {
    const { url, hub } = await startTestHub()
    await openScreen(url, localCookie({ hub }))
    const answer = await ask(url, '/api/health')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({
      ok: true,
      store: { ok: true },
      screens: 1,
      peers: [],
      cloud: null,
      version: '0.0.0-test',
    })
    expect(answer.body).not.toContain(hub.key)
  })

  test('a store that cannot take orders makes it 503', async () => {
    const { core, url } = await startTestHub()
    // Nothing can be stored any more, but the web server still runs.
    await core.stop()
    const answer = await ask(url, '/api/health')
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, store: { ok: false } })
  })

  test('metrics are for this machine or a bearer', async () => {
    const { url, hub } = await startTestHub({ hub: { metricsToken: 'prometheus-token' } })
    await openScreen(url, localCookie({ hub }))
    const here = await ask(url, '/metrics')
    expect(here.headers['content-type']).toContain('text/plain')
    expect(here.body).toContain('plate_hub_connections{outcome="ok"} 1')
    expect(here.body).not.toContain(hub.key)
    const away = { 'x-forwarded-for': '203.0.113.9' }
    expect((await ask(url, '/metrics', { headers: away })).status).toBe(403)
    expect((await ask(url, '/metrics', { headers: { ...away, authorization: 'Bearer wrong' } })).status).toBe(
      403,
    )
    const bearer = { ...away, authorization: 'Bearer prometheus-token' }
    expect((await ask(url, '/metrics', { headers: bearer })).status).toBe(200)
  })

  test('names, times and labels are as Prometheus wants them', async () => {
    const metrics = createMetrics()
    metrics.count('frames sent', 2, { kind: 'kitchen' })
    metrics.count('frames sent', 1, { kind: 'kitchen', surprise: 'x' })
    metrics.gauge('screens', 3)
    metrics.observe('commitMs', 7)
    const text = await metrics.text()
    expect(text).toContain('plate_frames_sent{kind="kitchen"} 3')
    expect(text).toContain('plate_screens 3')
    expect(text).toContain('plate_commit_ms_bucket{le="10"} 1')
    expect(text).toContain('plate_commit_ms_bucket{le="5"} 0')
  })
})

describe('the log', () => {
  function collect() {
    const lines: string[] = []
    return {
      lines,
      log: createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    }
  }

  test('is one JSON object per line, without pins, tokens and codes', () => {
    const { lines, log } = collect()
    log.warn('pairing', { code: '12345678', token: 'abc', from: '10.0.0.1', nested: { pin: '1111' } })
    log.error('store', { error: new Error('disk'), code: 'storeFull' })
    const [first, second] = lines.map((line) => JSON.parse(line))
    expect(first).toMatchObject({
      level: 'warn',
      event: 'pairing',
      code: '[removed]',
      token: '[removed]',
      from: '10.0.0.1',
      nested: { pin: '[removed]' },
    })
    expect(second).toMatchObject({ code: 'storeFull', error: { message: 'disk' } })
    expect(Number.isNaN(Date.parse(first.time))).toBe(false)
  })

  test('pairing and connecting leave no secret in it', async () => {
    const { lines, log } = collect()
    const { core, url, hub } = await startTestHub({ hub: { log }, core: { log } })
    const { code } = core.devices.createPairing('kitchen', 'Tablet', null)
    const paired = await ask(url, '/api/pair', { body: { code } })
    const screen = await openScreen(url, { cookie: cookieOf(paired) })
    screen.send({ t: 'hello' })
    await screen.find('bye')
    await ask(url, `/open?key=${hub.key}`)
    const all = lines.join('')
    expect(all).toContain('hub.paired')
    for (const secret of [code, cookieOf(paired).split('=')[1] ?? '?', hub.key])
      expect(all).not.toContain(secret)
  })
})

test('the same frame for many screens is encoded once', () => {
  const encode = createEncoder()
  const frame = JSON.stringify({ t: 'beat', note: 'ü🧅' })
  const first = encode(frame)
  expect(String(first)).toBe(frame)
  for (let n = 0; n < 10; n++) {
    encode(`other ${n}`)
    expect(encode(frame)).toBe(first)
  }
  for (let n = 0; n < 50; n++) encode(`more ${n}`)
  expect(String(encode(frame))).toBe(frame)
})
