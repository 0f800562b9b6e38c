import { EXACT_PROXY } from '../../../gateway/ports/permit2.ts'
import type { PaidRouteWorld } from '../paidRouteWorld.ts'
import { type Accepted, x402 } from '../proofs.ts'
import { permitPayment } from './permitRows.ts'
import { type Bad, pays, type Row, withAt } from './row.ts'

const URL = '/metered?use=0.05'
const OTHER = `0x${'c1'.repeat(20)}` as const
const [MALFORMED, UNSUPPORTED] = ['proof_malformed', 'proof_unsupported']

/** What a route that is paid by its use asks of chains. */
async function entryOf(world: PaidRouteWorld, url = URL): Promise<Accepted> {
  const { headers } = await world.app.inject({ url })
  return JSON.parse(Buffer.from(String(headers['payment-required']), 'base64').toString()).accepts[0]
}
const at = (bad: Bad): Bad => ({ url: URL, ...bad })

/** A right maximum with another value in one place. */
const row = (what: string, status: number, code: string, path: string, to: unknown): Row => [
  `a maximum ${what}`,
  status,
  code,
  async (_, world) => at(pays(withAt(await permitPayment(await entryOf(world)), path, to))),
]
const SIGNED = ['from', 'permitted', 'permitted.token', 'permitted.amount', 'spender', 'nonce', 'deadline', 'witness']
const FIELDS = [...SIGNED, 'witness.to', 'witness.facilitator', 'witness.validAfter'].map((name) => `payload.permit2Authorization.${name}`)
const fields: Row[] = ['accepted.amount', 'payload.signature', ...FIELDS].flatMap((path) => [
  row(`without ${path}`, 400, MALFORMED, path, undefined),
  row(`whose ${path} is a boolean`, 400, MALFORMED, path, true),
  row(`whose ${path} is in a list`, 400, MALFORMED, path, ['0']),
])

/** What is signed so, and is not what was asked. */
const signed = (what: string, code: string, changes: Parameters<typeof permitPayment>[1]): Row => [
  `a maximum ${what}`,
  402,
  code,
  async (_, world) => at(pays(await permitPayment(await entryOf(world), changes))),
]
const terms: Row[] = [
  signed('of one unit more', 'proof_wrong_amount', { value: 50_001n }),
  signed('of one unit less', 'proof_wrong_amount', { value: 49_999n }),
  signed('of one unit less in both places', 'proof_wrong_amount', { value: 49_999n, accepted: { amount: '49999' } }),
  signed('of nothing', 'proof_wrong_amount', { value: 0n, accepted: { amount: '0' } }),
  signed('to another payee', 'proof_wrong_payee', { to: OTHER }),
  signed('of another token', 'proof_wrong_token', { token: OTHER }),
  signed('for the proxy of exact amounts', 'proof_wrong_spender', { spender: EXACT_PROXY }),
  signed('for another account to collect', 'proof_wrong_spender', { facilitator: OTHER }),
  signed('of another payer', 'proof_bad_signature', { payer: OTHER }),
  signed('signed on another chain', 'proof_bad_signature', { chainId: 1 }),
  signed('that ended in 1970', 'proof_expires_soon', { validBefore: 0n }),
  signed('that begins at the end of time', 'proof_not_yet_valid', { validAfter: 2n ** 256n - 1n }),
  // Work takes its time, and is collected after it.
  signed('that ends in a minute', 'credit_needed', { validBefore: BigInt(Math.floor(Date.now() / 1000) + 60) }), // not money: a time
  row('whose collector was changed', 402, 'proof_wrong_spender', 'payload.permit2Authorization.witness.facilitator', OTHER),
  row('with the nonce of another', 402, 'proof_bad_signature', 'payload.permit2Authorization.nonce', '7'),
  row('of scheme exact', 402, UNSUPPORTED, 'accepted.scheme', 'exact'),
  row('by EIP-3009', 402, UNSUPPORTED, 'accepted.extra.assetTransferMethod', 'eip3009'),
  row('whose quote promises a lower price', 402, 'challenge_altered', 'accepted.extra.quote', `1.9999999999.${'A'.repeat(22)}`),
  [
    'a maximum of another route',
    402,
    'challenge_altered|challenge_wrong_route',
    async (_, world) => at(pays(await permitPayment(await entryOf(world, '/metered?use=0.01')))),
  ],
  [
    'a maximum of a route of one price',
    402,
    UNSUPPORTED,
    async (_, world) => ({ url: '/joke', ...pays(await permitPayment(await entryOf(world))) }),
  ],
  ['an authorization where a maximum is asked', 402, UNSUPPORTED, async (c) => at({ headers: await x402(c) })],
]

export const meteredRows: readonly Row[] = [fields, terms].flat()
