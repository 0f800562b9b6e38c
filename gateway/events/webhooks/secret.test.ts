import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { endpointSecret, signedHeaders, signingSecrets } from './secret.ts'

const KEY = Buffer.alloc(32, 7)
const OF = { id: 'we_1', secret: { n: 2, previousUntil: 5_000 } }

test('the vector of Standard Webhooks is reproduced', () => {
  const headers = signedHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    body: '{"test": 2432232314}',
    now: 1_614_265_330_999,
  })
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('its own library takes a message by either secret while one replaces the other, and by no other', () => {
  const [current, former] = signingSecrets(KEY, OF, 4_999)
  const now = Date.now()
  const headers = signedHeaders([current!, former!], { id: 'evt_1', body: '{"a":1}', now })
  for (const secret of [current!, former!]) expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 })
  expect(() => new Webhook(endpointSecret(KEY, { id: 'we_2', n: 2 })).verify('{"a":1}', headers)).toThrow()
  expect(() => new Webhook(current!).verify('{"a":2}', headers)).toThrow()
})

test('after the overlap the current secret alone signs, and each endpoint has its own', () => {
  expect(signingSecrets(KEY, OF, 5_000)).toEqual([endpointSecret(KEY, { id: 'we_1', n: 2 })])
  const all = ['we_1', 'we_2'].flatMap((id) => [1, 2].map((n) => endpointSecret(KEY, { id, n })))
  expect(new Set(all).size).toBe(4)
  for (const secret of all) expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32)
})
