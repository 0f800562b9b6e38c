import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { newWebhookSecret, webhookHeaders, webhooks } from './webhooks.ts'

// The vector that the libraries of Standard Webhooks share.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const NOW = 1_614_265_330_000
const BODY = '{"test": 2432232314}'
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const HEADERS = { 'webhook-id': ID, 'webhook-timestamp': '1614265330', 'webhook-signature': SIGNATURE }
const OTHER = newWebhookSecret()
const now = { now: NOW }

test('a message is signed as the known vector is', async () => {
  expect(await webhookHeaders([SECRET], { id: ID, body: BODY, now: NOW })).toEqual(HEADERS)
})

test('the library of Standard Webhooks verifies what is signed here, and we what it signs', async () => {
  for (const secret of [SECRET, newWebhookSecret(), `whsec_${btoa('x'.repeat(24))}`, `whsec_${btoa('x'.repeat(64))}`]) {
    const [at, body] = [Date.now(), JSON.stringify({ id: 'evt_1', type: 'payment.settled', data: { words: 'Ünal ✓ \u2028' } })]
    expect(new Webhook(secret).verify(body, await webhookHeaders([OTHER, secret], { id: 'evt_1', body, now: at }))).toEqual(
      JSON.parse(body),
    )
    const signature = new Webhook(secret).sign('evt_1', new Date(at), body)
    const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': `${Math.trunc(at / 1000)}`, 'webhook-signature': signature }
    expect(await webhooks.verify(new TextEncoder().encode(body), new Headers(headers), secret)).toEqual(JSON.parse(body))
  }
})

describe('a webhook is taken', () => {
  test.each([
    ['as it came', HEADERS, SECRET, NOW],
    ['by the older of two secrets', HEADERS, [OTHER, SECRET], NOW],
    ['by the second of two signatures', { ...HEADERS, 'webhook-signature': `v1,AAAA v1a,${'A'.repeat(86)}== ${SIGNATURE}` }, SECRET, NOW],
    ['five minutes late', HEADERS, SECRET, NOW + 300_000],
    ['five minutes early', HEADERS, SECRET, NOW - 300_000],
  ])('%s', async (_, headers, secret, at) => {
    expect(await webhooks.verify(BODY, headers, secret, { now: at })).toEqual({ test: 2432232314 })
  })
})

describe('a webhook is refused', () => {
  test.each([
    ['with another body', HEADERS, SECRET, NOW, `${BODY} `],
    ['with another id', { ...HEADERS, 'webhook-id': 'msg_2' }, SECRET, NOW, BODY],
    ['at another time', { ...HEADERS, 'webhook-timestamp': '1614265331' }, SECRET, NOW, BODY],
    ['by another secret', HEADERS, OTHER, NOW, BODY],
    ['later', HEADERS, SECRET, NOW + 301_000, BODY],
    ['earlier', HEADERS, SECRET, NOW - 301_000, BODY],
    ['with a time that is none', { ...HEADERS, 'webhook-timestamp': '1e9' }, SECRET, NOW, BODY],
    ['without a signature', { ...HEADERS, 'webhook-signature': undefined }, SECRET, NOW, BODY],
    ['with the same signature of another version', { ...HEADERS, 'webhook-signature': SIGNATURE.replace('v1', 'v2') }, SECRET, NOW, BODY],
    ['with one that is no base64', { ...HEADERS, 'webhook-signature': 'v1,???' }, SECRET, NOW, BODY],
    ['behind too many others', { ...HEADERS, 'webhook-signature': `${'v1,AAAA '.repeat(8)}${SIGNATURE}` }, SECRET, NOW, BODY],
  ])('%s', async (_, headers, secret, at, body) => {
    await expect(webhooks.verify(body, headers, secret, { now: at })).rejects.toMatchObject({ code: 'webhook_invalid' })
  })

  test.each(['', 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${btoa('short')}`, 'whsec_???'])(
    'by a secret that is none: "%s"',
    async (secret) => {
      await expect(webhooks.verify(BODY, HEADERS, secret, now)).rejects.toMatchObject({ code: 'unsafe_configuration' })
    },
  )
})
