import { decodeMacaroon, encodeMacaroon, type Macaroon } from '../../../gateway/payins/challenge/macaroon.ts'
import { type Challenge, credential } from '../proofs.ts'
import { type Bad, charge, l402, mpp, type Row, withAt } from './row.ts'

const [MALFORMED, ALTERED] = ['credential_malformed', 'challenge_altered']
const ZEROS = '0'.repeat(64)

/** A right evm charge with another value in one place. */
const row = (what: string, code: string, path: string, to: unknown): Row => [
  `an evm charge ${what}`,
  402,
  code,
  async (challenge) => mpp(withAt(await charge(challenge), path, to)),
]
const ECHOED = ['id', 'realm', 'method', 'intent', 'request'].map((name) => `challenge.${name}`)
const SIGNED = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce', 'signature'].map((name) => `payload.${name}`)
const fields: Row[] = ['challenge', 'payload', ...ECHOED, ...SIGNED].flatMap((path) => [
  row(`without ${path}`, MALFORMED, path, undefined),
  row(`whose ${path} is a number`, MALFORMED, path, 7),
])

const charges: Row[] = [
  row('of no type', 'proof_unsupported', 'payload.type', undefined),
  row('by transaction', 'proof_unsupported', 'payload.type', 'transaction'),
  row('by hash', 'proof_unsupported', 'payload.type', 'hash'),
  row('by method EVM', 'proof_unsupported', 'challenge.method', 'EVM'),
  row('by method tempo', 'proof_unsupported', 'challenge.method', 'tempo'),
  row('by method __proto__', 'proof_unsupported', 'challenge.method', '__proto__'),
  row('of a session', 'credential_malformed', 'challenge.intent', 'session'),
  row('that says it is a lightning charge', MALFORMED, 'challenge.method', 'lightning'),
  row('without an expiry', ALTERED, 'challenge.expires', undefined),
  row('with a later expiry', ALTERED, 'challenge.expires', '2099-01-01T00:00:00.000Z'),
  row('with its expiry in another form', ALTERED, 'challenge.expires', 'Fri, 01 Jan 2099 00:00:00 GMT'),
  row('of another realm', ALTERED, 'challenge.realm', 'example.com'),
  row('of a realm in capitals', ALTERED, 'challenge.realm', 'LOCALHOST'),
  row('with a digest that was not asked', ALTERED, 'challenge.digest', 'sha-256=:AAAA:'),
  row('with an opaque that was not asked', ALTERED, 'challenge.opaque', 'e30'),
  row('with an empty id', ALTERED, 'challenge.id', ''),
  row('whose id is 300 letters long', MALFORMED, 'challenge.id', 'a'.repeat(300)),
  row('with the nonce of another', 'proof_wrong_nonce', 'payload.nonce', `0x${'ee'.repeat(32)}`),
  row('of one unit more', 'proof_wrong_amount', 'payload.value', '2001'),
  row('of one unit less', 'proof_wrong_amount', 'payload.value', '1999'),
  row('to another payee', 'proof_wrong_payee', 'payload.to', `0x${'c1'.repeat(20)}`),
  row('from another payer', 'proof_bad_signature', 'payload.from', `0x${'c1'.repeat(20)}`),
  row('that has ended', 'proof_expires_soon', 'payload.validBefore', '1'),
  row('that begins at the end of time', 'proof_not_yet_valid', 'payload.validAfter', `${2n ** 256n - 1n}`),
  row('with a value in hex', MALFORMED, 'payload.value', '0x7d0'),
  [
    'an evm charge whose source is another account',
    402,
    'proof_bad_signature',
    async (c) => mpp({ ...(await charge(c)), source: `did:pkh:eip155:31337:0x${'c1'.repeat(20)}` }),
  ],
  [
    'an evm charge whose source is on another chain',
    402,
    'proof_bad_signature',
    async (c) => {
      const right = await charge(c)
      return mpp({ ...right, source: `did:pkh:eip155:1:${right.payload.from}` })
    },
  ],
  [
    'an evm charge whose request asks for less',
    402,
    ALTERED,
    async (c) => {
      const right = await charge(c)
      const asked = Buffer.from(right.challenge.request!, 'base64url').toString().replace('"2000"', '"1"')
      return mpp(withAt(right, 'challenge.request', Buffer.from(asked).toString('base64url')))
    },
  ],
  [
    'an evm charge whose request has letters behind its end',
    402,
    ALTERED,
    async (c) => {
      const right = await charge(c)
      return mpp(withAt(right, 'challenge.request', `${right.challenge.request}A`))
    },
  ],
  [
    'an evm charge with its nonce twice',
    402,
    MALFORMED,
    async (c) => mpp(JSON.stringify(await charge(c)).replace('"nonce":', '"nonce":"0x1","nonce":')),
  ],
  [
    'an evm charge whose payload is only inherited',
    402,
    MALFORMED,
    async (c) => mpp(JSON.stringify(await charge(c)).replace('"payload":', '"__proto__":')),
  ],
]

const preimages = ['', ZEROS.slice(1), `${ZEROS}0`, 'AB'.repeat(32), `0x${ZEROS.slice(2)}`, 'g'.repeat(64), '０'.repeat(64)]
const lightning: Row[] = [
  ...preimages.map(
    (preimage): Row => [
      `a lightning charge with the preimage "${preimage.slice(0, 8)}" of ${preimage.length}`,
      402,
      MALFORMED,
      (c) => ({ headers: credential(c.lightning, { preimage }) }),
    ],
  ),
  ['a lightning charge without a preimage', 402, MALFORMED, (c) => ({ headers: credential(c.lightning, {}) })],
  ['a lightning charge with a number', 402, MALFORMED, (c) => ({ headers: credential(c.lightning, { preimage: 0 }) })],
  ['a lightning charge with zeros', 402, 'proof_wrong_preimage', (c) => ({ headers: credential(c.lightning, { preimage: ZEROS }) })],
  [
    'a lightning charge with its payment hash',
    402,
    'proof_wrong_preimage',
    (c) => ({ headers: credential(c.lightning, { preimage: c.invoice }) }),
  ],
  [
    'a lightning charge that says it is an evm charge',
    402,
    'proof_unsupported',
    (c) => ({ headers: credential({ ...c.lightning, method: 'evm' }, { preimage: ZEROS }) }),
  ],
]

/** The token of this 402 with other parts, and zeros for its preimage. */
const token = (what: string, code: string, change: (macaroon: Macaroon) => Macaroon, status = 402): Row => [
  `an L402 token ${what}`,
  status,
  code,
  (c) => l402(encodeMacaroon(change(decodeMacaroon(Buffer.from(c.macaroon, 'base64'))!)).toString('base64'), ZEROS),
]
const raw = (what: string, change: (c: Challenge) => string): Row => [
  `an L402 header ${what}`,
  402,
  'token_malformed',
  (c): Bad => ({ headers: { authorization: `L402 ${change(c)}` } }),
]
const tokens: Row[] = [
  token('without its last caveat', ALTERED, (m) => ({ ...m, caveats: m.caveats.slice(0, -1) })),
  token('without caveats', ALTERED, (m) => ({ ...m, caveats: [] })),
  token('with its caveats in another order', ALTERED, (m) => ({ ...m, caveats: [...m.caveats].reverse() })),
  token('whose caveats say other numbers', ALTERED, (m) => ({ ...m, caveats: m.caveats.map((c) => c.replace(/[0-9]+$/, '9'.repeat(11))) })),
  token('with a caveat more that nobody signed', ALTERED, (m) => ({ ...m, caveats: [...m.caveats, 'admin = true'] })),
  token('of another payment hash', ALTERED, (m) => ({
    ...m,
    identifier: Buffer.concat([m.identifier.subarray(0, 2), Buffer.alloc(64, 1)]),
  })),
  token('of another version', ALTERED, (m) => ({ ...m, identifier: Buffer.concat([Buffer.from([0, 1]), m.identifier.subarray(2)]) })),
  token('with a short identifier', ALTERED, (m) => ({ ...m, identifier: m.identifier.subarray(0, 65) })),
  token('with another signature', ALTERED, (m) => ({ ...m, signature: Buffer.alloc(32) })),
  token('with seventeen caveats', 'token_malformed', (m) => ({ ...m, caveats: Array.from({ length: 17 }, (_, n) => `c=${n}`) })),
  ['an L402 token with zeros', 402, 'proof_wrong_preimage', (c) => l402(c.macaroon, ZEROS)],
  ['an L402 token with its payment hash', 402, 'proof_wrong_preimage', (c) => l402(c.macaroon, c.invoice)],
  raw('without a preimage', (c) => c.macaroon),
  raw('with an empty preimage', (c) => `${c.macaroon}:`),
  raw('with a preimage of 63 digits', (c) => `${c.macaroon}:${ZEROS.slice(1)}`),
  raw('with a preimage of 65 digits', (c) => `${c.macaroon}:${ZEROS}0`),
  raw('with a preimage that is no hex', (c) => `${c.macaroon}:${'z'.repeat(64)}`),
  raw('with two preimages', (c) => `${c.macaroon}:${ZEROS}:${ZEROS}`),
  raw('with two tokens', (c) => `${c.macaroon},${c.macaroon}:${ZEROS}`),
  raw('with a blank in it', (c) => `${c.macaroon} :${ZEROS}`),
  raw('whose token is cut off', (c) => `${c.macaroon.slice(0, 40)}:${ZEROS}`),
  raw('whose token is longer', (c) => `${c.macaroon.replace(/=+$/, '')}AAAA:${ZEROS}`),
  raw('whose token is in hex', (c) => `${Buffer.from(c.macaroon, 'base64').toString('hex')}:${ZEROS}`),
  raw('whose token is JSON', () => `${Buffer.from('{"v":2}').toString('base64')}:${ZEROS}`),
  raw('of 16 kB and more', () => `${'A'.repeat(16_400)}:${ZEROS}`),
]

export const authorizationRows: readonly Row[] = [fields, charges, lightning, tokens].flat()
