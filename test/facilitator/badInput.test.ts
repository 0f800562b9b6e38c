import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import { random32, relay, signTransfer } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { withAt } from '../paidRoute/badInput/row.ts'
import {
  type Body,
  balanceOf,
  bodyOf,
  call,
  type FacilitatorWorld,
  openFacilitatorWorld,
  PAY_TO,
  PRICE,
  type Seller,
  sentBy,
  signedBody,
  termsOn,
} from './facilitatorWorld.ts'

// What a facilitator is sent that is not good, a row each: what it is, the status and the reason that both calls answer, and how it is made of a good one.
type Row = readonly [what: string, status: number, reason: string, make: (body: Body) => object | string | Promise<object | string>]

let chain: QuietChain
let world: FacilitatorWorld
let seller: Seller
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain)
  seller = await world.seller()
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

const PAYLOAD = 'invalid_payload'
const REQUIRED = 'invalid_payment_requirements'
const SIGNATURE = 'invalid_exact_evm_signature'
const VALUE = 'invalid_exact_evm_payload_authorization_value_mismatch'
const RECIPIENT = 'invalid_exact_evm_recipient_mismatch'
const BEFORE = 'invalid_exact_evm_payload_authorization_valid_before'
const AFTER = 'invalid_exact_evm_payload_authorization_valid_after'
const ELSEWHERE: Hex = `0x${'c1'.repeat(20)}`

/** A good body with other values in these places. */
const at = (what: string, status: number, reason: string, ...changes: readonly [path: string, to: unknown][]): Row => [
  what,
  status,
  reason,
  (body) => changes.reduce<object>((changed, [path, to]) => withAt(changed, path, to), body),
]
/** A body whose authorization says something else, and is signed so. */
const signed = (what: string, reason: string, o: Partial<Parameters<typeof signTransfer>[1]>): Row => [
  what,
  200,
  reason,
  async () => bodyOf(await signTransfer(chain, { customer: 1, to: PAY_TO, value: PRICE, ...o }), termsOn(chain)),
]
const text = (what: string, reason: string, change: (json: string) => string): Row => [
  what,
  400,
  reason,
  (body) => change(JSON.stringify(body)),
]

const SIGNED = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'].map((name) => `paymentPayload.payload.authorization.${name}`)
const TERMS = ['scheme', 'network', 'asset', 'payTo', 'amount', 'maxTimeoutSeconds']
const places: readonly (readonly [string, string])[] = [
  ...['paymentPayload', 'paymentPayload.accepted', 'paymentPayload.payload', 'paymentPayload.payload.signature'].map(
    (p) => [p, PAYLOAD] as const,
  ),
  ['paymentPayload.payload.authorization', PAYLOAD],
  ...SIGNED.map((path) => [path, PAYLOAD] as const),
  ['paymentRequirements', REQUIRED],
  ...TERMS.map((name) => [`paymentRequirements.${name}`, REQUIRED] as const),
  ...TERMS.map((name) => [`paymentPayload.accepted.${name}`, PAYLOAD] as const),
]
const shapes: Row[] = places.flatMap(([path, reason]) => [
  at(`without ${path}`, 400, reason, [path, undefined]),
  at(`whose ${path} is null`, 400, reason, [path, null]),
  at(`whose ${path} is a list`, 400, reason, [path, []]),
])

const terms: Row[] = [
  at('of x402 version 1', 400, 'invalid_x402_version', ['x402Version', 1]),
  at('of x402 version "2"', 400, 'invalid_x402_version', ['x402Version', '2']),
  at('without a version', 400, 'invalid_x402_version', ['x402Version', undefined]),
  at('with a payload of another version', 400, 'invalid_x402_version', ['paymentPayload.x402Version', 3]),
  at('of the scheme upto', 200, 'invalid_exact_evm_scheme', ['paymentRequirements.scheme', 'upto']),
  at('that accepted the scheme upto', 200, 'invalid_exact_evm_scheme', ['paymentPayload.accepted.scheme', 'upto']),
  at('of the scheme Exact', 200, 'invalid_exact_evm_scheme', ['paymentRequirements.scheme', 'Exact']),
  at('that accepted another network', 200, 'invalid_exact_evm_network_mismatch', ['paymentPayload.accepted.network', 'eip155:1']),
  at(
    'on a network that is not served',
    200,
    'invalid_network',
    ['paymentPayload.accepted.network', 'eip155:1'],
    ['paymentRequirements.network', 'eip155:1'],
  ),
  at(
    'on a network by its old name',
    200,
    'invalid_network',
    ['paymentPayload.accepted.network', 'base'],
    ['paymentRequirements.network', 'base'],
  ),
  at('of a token that is not served', 200, 'invalid_exact_evm_eip3009_not_supported', ['paymentRequirements.asset', ELSEWHERE]),
  at('that accepted another token', 200, PAYLOAD, ['paymentPayload.accepted.asset', ELSEWHERE]),
  at('without the name of the token', 200, 'invalid_exact_evm_missing_eip712_domain', ['paymentRequirements.extra.name', undefined]),
  at('without the version of the token', 200, 'invalid_exact_evm_missing_eip712_domain', ['paymentRequirements.extra.version', undefined]),
  at('without extra', 200, 'invalid_exact_evm_missing_eip712_domain', ['paymentRequirements.extra', undefined]),
  at('under another name of the token', 200, 'invalid_exact_evm_token_name_mismatch', ['paymentRequirements.extra.name', 'Tether']),
  at('under another version of the token', 200, 'invalid_exact_evm_token_version_mismatch', ['paymentRequirements.extra.version', '9']),
  at('by Permit2', 200, 'unsupported_payload_type', ['paymentRequirements.extra.assetTransferMethod', 'permit2']),
  at('whose payload is a permit', 200, 'unsupported_payload_type', ['paymentPayload.payload.permit2Authorization', {}]),
  at('for another payee', 200, RECIPIENT, ['paymentRequirements.payTo', ELSEWHERE]),
  at('that accepted another payee', 200, RECIPIENT, ['paymentPayload.accepted.payTo', ELSEWHERE]),
  at('for one unit more than is signed', 200, VALUE, ['paymentRequirements.amount', `${PRICE + 1n}`]),
  at('for one unit less than is signed', 200, VALUE, ['paymentRequirements.amount', `${PRICE - 1n}`]),
  at('that accepted one unit less', 200, VALUE, ['paymentPayload.accepted.amount', `${PRICE - 1n}`]),
  at('for an amount in hex', 400, REQUIRED, ['paymentRequirements.amount', '0x7d0']),
  at('for an amount with a leading zero', 400, REQUIRED, ['paymentRequirements.amount', '02000']),
  at('for an amount with a point', 400, REQUIRED, ['paymentRequirements.amount', '2000.0']),
  at('for less than nothing', 400, REQUIRED, ['paymentRequirements.amount', '-2000']),
  at('for more than 2^256 - 1', 400, REQUIRED, ['paymentRequirements.amount', `${2n ** 256n}`]),
]

const HALF = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
/** The other signature of the same key and message (EIP-2). */
const malleable = (body: Body): object => {
  const { signature } = (body.paymentPayload as { payload: { signature: Hex } }).payload
  const [r, s, v] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)]
  const twin = `0x${r}${(HALF - s).toString(16).padStart(64, '0')}${v === '1b' ? '1c' : '1b'}`
  return withAt(body, 'paymentPayload.payload.signature', twin)
}
const now = () => BigInt(Math.floor(Date.now() / 1000))
const signatures: Row[] = [
  signed('signed for one unit more', VALUE, { value: PRICE + 1n }),
  signed('signed for one unit less', VALUE, { value: PRICE - 1n }),
  signed('signed to another payee', RECIPIENT, { to: ELSEWHERE }),
  signed('that ends in five seconds', BEFORE, { validForSeconds: 5 }),
  signed('that has ended', BEFORE, { validForSeconds: -60 }),
  signed('that ends in two days', BEFORE, { validForSeconds: 172_800 }),
  signed('of a payer who has nothing', 'invalid_exact_evm_insufficient_balance', { customer: privateKeyToAccount(generatePrivateKey()) }),
  at('that says another payer', 200, SIGNATURE, [SIGNED[0]!, ELSEWHERE]),
  at('that says a later end', 200, SIGNATURE, [SIGNED[4]!, `${2n ** 60n}`]),
  at('that says a beginning', 200, SIGNATURE, [SIGNED[3]!, '1']),
  at('that says another nonce', 200, SIGNATURE, [SIGNED[5]!, `0x${'ee'.repeat(32)}`]),
  at('whose signature is zeros', 200, SIGNATURE, ['paymentPayload.payload.signature', `0x${'00'.repeat(65)}`]),
  at('whose signature is one byte short', 200, SIGNATURE, ['paymentPayload.payload.signature', `0x${'11'.repeat(64)}`]),
  at('whose signature is one of a contract that is not there', 200, SIGNATURE, [
    'paymentPayload.payload.signature',
    `0x${'6492'.repeat(100)}`,
  ]),
  at('whose signature is endless', 400, PAYLOAD, ['paymentPayload.payload.signature', `0x${'11'.repeat(4_096)}`]),
  at('whose signature has half a byte', 400, PAYLOAD, ['paymentPayload.payload.signature', `0x${'11'.repeat(64)}1`]),
  at('whose value has another script', 400, PAYLOAD, [SIGNED[2]!, '２０００']),
  ['with a malleable signature', 200, SIGNATURE, malleable],
  [
    'that begins tomorrow',
    200,
    AFTER,
    async () => {
      const good = await signTransfer(chain, { customer: 1, to: PAY_TO, value: PRICE })
      return bodyOf(await resigned({ validAfter: now() + 86_400n, validBefore: now() + 90_000n, nonce: good.nonce }), termsOn(chain))
    },
  ],
  [
    'of nothing',
    200,
    'invalid_exact_evm_authorization_value',
    async () => bodyOf(await signTransfer(chain, { customer: 1, to: PAY_TO, value: 0n }), termsOn(chain, { amount: 0n })),
  ],
  [
    'whose nonce was used on the chain',
    200,
    'invalid_exact_evm_nonce_already_used',
    async () => {
      const nonce = random32()
      await relay(chain, 2, await signTransfer(chain, { customer: 2, to: chain.customers[3]!.address, value: 1n, nonce }))
      return bodyOf(await signTransfer(chain, { customer: 2, to: PAY_TO, value: PRICE, nonce }), termsOn(chain))
    },
  ],
  ["to the gateway's own account", 200, RECIPIENT, () => own(privateKeyToAccount(chain.operatorKey).address)],
  ["to the gateway's hub", 200, RECIPIENT, () => own(chain.hub)],
]

const own = (payTo: Hex) => signedBody(chain, { payTo })

async function resigned(o: Readonly<{ validAfter: bigint; validBefore: bigint; nonce: Hex }>) {
  const account = privateKeyToAccount(chain.customers[1]!.privateKey)
  const message = { from: account.address, to: PAY_TO, value: PRICE, ...o }
  const { TRANSFER_FIELDS } = await import('../../gateway/client/signer/transferTypedData.ts')
  const signature = await account.signTypedData({
    domain: { name: chain.tokenName, version: chain.tokenVersion, chainId: chain.chainId, verifyingContract: chain.token },
    types: { TransferWithAuthorization: TRANSFER_FIELDS },
    primaryType: 'TransferWithAuthorization',
    message,
  })
  return { kind: 'transfer' as const, chainId: chain.chainId, token: chain.token, ...message, signature }
}

const texts: Row[] = [
  text('that is empty', PAYLOAD, () => ''),
  text('that is no JSON', PAYLOAD, () => '{'),
  text('that is null', PAYLOAD, () => 'null'),
  text('that is a list', PAYLOAD, (json) => `[${json}]`),
  text('that is a text', PAYLOAD, () => '"x402"'),
  text('with its payee twice', PAYLOAD, (json) => json.replace('"payTo":', `"payTo":"${ELSEWHERE}","payTo":`)),
  text('with its amount twice, once in escapes', PAYLOAD, (json) => json.replace('"amount":', '"\\u0061mount":"1","amount":')),
  text('with its value twice', PAYLOAD, (json) => json.replace('"value":', '"value":"1","value":')),
  text('whose authorization is only inherited', PAYLOAD, (json) => json.replace('"authorization":', '"__proto__":')),
  text('whose requirements are only inherited', REQUIRED, (json) => json.replace('"paymentRequirements":', '"__proto__":')),
]

test('what is not good gets its reason from both calls, keeps nothing and moves nothing', async () => {
  const rows = [...shapes, ...terms, ...signatures, ...texts]
  expect(rows.length).toBeGreaterThan(110)
  const made: (readonly [Row, object | string])[] = []
  for (const row of rows) made.push([row, await row[3](await signedBody(chain))])
  const { seq } = world.yard.gateway().ledger.books.head()
  const [before, sent] = [await balanceOf(chain, PAY_TO), await sentBy(chain)]
  const told: unknown[] = []
  for (const [[what], body] of made) {
    const verified = await call(world.url(), 'verify', seller.key, body)
    const settled = await call(world.url(), 'settle', seller.key, body)
    expect(settled.body, what).toMatchObject({
      success: false,
      transaction: '',
      network: expect.any(String),
      errorMessage: expect.any(String),
    })
    // Nothing of what the node said.
    expect(`${verified.body.invalidMessage} ${settled.body.errorMessage}`).not.toMatch(/revert|0x08c379a0|at .*\.ts/i)
    told.push([what, verified.status, verified.body.isValid, verified.body.invalidReason, settled.status, settled.body.errorReason])
  }
  expect(told).toEqual(rows.map(([what, status, reason]) => [what, status, false, reason, status, reason]))
  expect([world.yard.gateway().ledger.books.head().seq, await balanceOf(chain, PAY_TO), await sentBy(chain)]).toEqual([seq, before, sent])
}, 180_000)

test('whoever has no key of a party is told so in the words of a facilitator', async () => {
  const body = await signedBody(chain)
  const stranger = await call(world.url(), 'settle', undefined, body)
  expect([stranger.status, stranger.body.success, stranger.body.errorReason]).toEqual([401, false, 'unauthorized'])
  expect([stranger.body.transaction, stranger.body.network]).toEqual(['', expect.any(String)])
  const wrong = await call(world.url(), 'verify', 'sk_somebody_elses_key', body)
  expect([wrong.status, wrong.body.isValid, wrong.body.invalidReason]).toEqual([401, false, 'unauthorized'])
  const operator = await call(world.url(), 'settle', OPERATOR_KEY, body)
  expect([operator.status, operator.body.errorReason]).toEqual([403, 'forbidden'])
})

test('a body that is too large or no JSON by its type is refused in the same words', async () => {
  const large = await call(world.url(), 'settle', seller.key, JSON.stringify({ pad: 'x'.repeat(70_000) }))
  expect([large.status, large.body.success, large.body.errorReason]).toEqual([413, false, 'body_too_large'])
  const headers = { authorization: `Bearer ${seller.key}`, 'content-type': 'application/cbor' }
  const answer = await fetch(`${world.url()}/x402/settle`, { method: 'POST', headers, body: 'x402' })
  expect([answer.status, await answer.json()]).toEqual([415, expect.objectContaining({ success: false, transaction: '', network: '' })])
})
