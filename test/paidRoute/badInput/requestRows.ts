import { credential, x402 } from '../proofs.ts'
import { type Bad, charge, l402, mpp, payment, pays, quotedFor, type Row, WAYS } from './row.ts'

/** Proofs that were made for one request and are sent with another. Nothing of them was used. */
const elsewhere: Row[] = WAYS.flatMap(
  ([way, pay]) =>
    [
      [
        `${way} of another query`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (c, world) => ({ ...(await pay(c, world)), url: '/joke?more=1' }),
      ],
      [
        `${way} of another path`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (_, world) => pay(await quotedFor(world, '/duet'), world),
      ],
      [
        `${way} of its path with an empty query`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (c, world) => ({ ...(await pay(c, world)), url: '/joke?&' }),
      ],
      [
        `${way} of another body`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (_, world) => ({
          ...(await pay(await quotedFor(world, '/echo', { words: 1 }), world)),
          url: '/echo',
          payload: { words: 1_000 },
        }),
      ],
      [
        `${way} of another method`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (_, world) => ({ ...(await pay(await quotedFor(world, '/echo'), world)), url: '/echo', payload: {} }),
      ],
      [
        `${way} of another host`,
        421,
        'misdirected_request',
        async (c, world) => {
          const right = await pay(c, world)
          return { headers: { ...right.headers, host: 'evil.example' } }
        },
      ],
    ] as Row[],
)

/** Proofs that have paid for something already. */
const used: Row[] = WAYS.flatMap(
  ([way, pay]) =>
    [
      [
        `${way} that was used, with another query`,
        402,
        'challenge_wrong_route|challenge_altered',
        async (c, world) => {
          const right = await pay(c, world)
          await world.app.inject({ method: 'GET', url: '/joke', headers: right.headers! })
          return { ...right, url: '/joke?more=1' }
        },
      ],
    ] as Row[],
)

const usedInOtherWords: Row[] = [
  [
    'x402 that was used, without its quote and with another query',
    402,
    'proof_used',
    async (c, world) => {
      const headers = await x402(c, { accepted: { extra: undefined } })
      await world.app.inject({ method: 'GET', url: '/joke', headers })
      return { headers, url: '/joke?more=1' }
    },
  ],
  [
    'x402 that was used, without its quote and on another route',
    402,
    'proof_used',
    async (c, world) => {
      const headers = await x402(c, { accepted: { extra: undefined } })
      await world.app.inject({ method: 'GET', url: '/joke', headers })
      return { headers, url: '/duet' }
    },
  ],
  [
    'x402 over the authorization of a charge that was used',
    402,
    'proof_used',
    async (c, world) => {
      const right = await charge(c)
      await world.app.inject({ method: 'GET', url: '/joke', headers: mpp(right).headers! })
      const { type, signature, ...authorization } = right.payload
      const accepted = { ...c.x402.accepts[0]!, extra: undefined }
      return { ...pays({ x402Version: 2, accepted, payload: { signature, authorization } }), url: '/joke?more=1' }
    },
  ],
  [
    'an L402 token with the preimage of another invoice',
    402,
    'proof_wrong_preimage',
    async (c, world) => l402(c.macaroon, world.lightning.pay((await quotedFor(world, '/joke')).invoice)),
  ],
  [
    'a lightning charge with the preimage of another invoice',
    402,
    'proof_wrong_preimage',
    async (c, world) => ({
      headers: credential(c.lightning, { preimage: world.lightning.pay((await quotedFor(world, '/joke')).invoice) }),
    }),
  ],
]

/** They put the clock forward, and stand last. */
const late: Row[] = WAYS.map(([way, pay]) => [
  `${way} that came too late`,
  402,
  'challenge_expired|proof_expires_soon',
  async (c, world) => {
    const right = await pay(c, world)
    world.pass(481_000)
    return right
  },
])

const KEY = 'idempotency-key'
const AMBIGUOUS = 'proof_ambiguous'
const both = (...parts: Bad[]): Bad => ({ headers: Object.assign({}, ...parts.map(({ headers }) => headers)) })
const several: Row[] = [
  ['x402 and an evm charge', 400, AMBIGUOUS, async (c) => both(pays(await payment(c)), mpp(await charge(c)))],
  ['x402 and L402', 400, AMBIGUOUS, async (c, world) => both(pays(await payment(c)), l402(c.macaroon, world.lightning.pay(c.invoice)))],
  ['x402 and a broken L402', 400, AMBIGUOUS, async (c) => both(pays(await payment(c)), { headers: { authorization: 'L402' } })],
  ['broken x402 and an evm charge', 400, AMBIGUOUS, async (c) => both({ headers: { 'payment-signature': '%' } }, mpp(await charge(c)))],
  [
    'x402 and a balance',
    400,
    AMBIGUOUS,
    async (c, world) => both(pays(await payment(c)), { headers: { authorization: `Bearer ${world.customer.key}`, [KEY]: 'both-at-once' } }),
  ],
  [
    'two charges in one header',
    400,
    `${AMBIGUOUS}`,
    async (c) => {
      const { authorization } = mpp(await charge(c)).headers as { authorization: string }
      return { headers: { authorization: `${authorization}, ${authorization}` } }
    },
  ],
  [
    'a charge and L402 in one header',
    402,
    'credential_malformed',
    async (c) => ({ headers: { authorization: `${mpp(await charge(c)).headers!.authorization}, L402 ${c.macaroon}:${'0'.repeat(64)}` } }),
  ],
  [
    'L402 and a charge in one header',
    402,
    'token_malformed',
    async (c) => ({ headers: { authorization: `L402 ${c.macaroon}:${'0'.repeat(64)}, ${mpp(await charge(c)).headers!.authorization}` } }),
  ],
]

const none = (what: string, headers: Record<string, string>): Row => [what, 402, 'payment_required', () => ({ headers })]
const otherHeaders: Row[] = [
  none('an empty Authorization', { authorization: '' }),
  none('Authorization of another scheme', { authorization: 'Basic cGF5Om1l' }),
  none('Authorization of a scheme that begins alike', { authorization: 'Payments e30' }),
  none('a token of another maker', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }),
  none('a payment of x402 version 1', { 'x-payment': Buffer.from('{"x402Version":1}').toString('base64') }),
  none('a receipt in place of a payment', { 'payment-response': Buffer.from('{"success":true}').toString('base64') }),
  none('a word that it was paid', { 'switchyard-receipt': 'rc_1', 'idempotent-replayed': 'true' }),
  ['Authorization: Payment and nothing', 402, 'credential_malformed', () => ({ headers: { authorization: 'Payment' } })],
  ['Authorization: L402 and nothing', 402, 'token_malformed', () => ({ headers: { authorization: 'L402' } })],
  ['Authorization: LSAT and nothing', 402, 'token_malformed', () => ({ headers: { authorization: 'LSAT ' } })],
  ['a key that is cut off', 401, 'unauthorized', () => ({ headers: { authorization: 'Bearer sk_1', [KEY]: 'cut-off-key' } })],
  [
    'a key that nobody has',
    401,
    'unauthorized',
    () => ({ headers: { authorization: `Bearer sk_${'0'.repeat(32)}`, [KEY]: 'nobodys-key' } }),
  ],
  [
    'a balance without an Idempotency-Key',
    400,
    'idempotency_key_missing',
    (_, { customer }) => ({ headers: { authorization: `Bearer ${customer.key}` } }),
  ],
  [
    'a balance with an Idempotency-Key of two letters',
    400,
    'idempotency_key_missing|invalid_request',
    (_, { customer }) => ({ headers: { authorization: `Bearer ${customer.key}`, [KEY]: 'ab' } }),
  ],
  [
    'a balance that pays its own party',
    400,
    'invalid_request',
    (_, { sellerKey }) => ({ headers: { authorization: `Bearer ${sellerKey}`, [KEY]: 'to-myself-1' } }),
  ],
]

export const requestRows: readonly Row[] = [elsewhere, used, usedInOtherWords, several, otherHeaders, late].flat()
