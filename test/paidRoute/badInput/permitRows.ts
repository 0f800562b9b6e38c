import { privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { EXACT_PROXY, UPTO_PROXY } from '../../../gateway/ports/permit2.ts'
import { signPermit } from '../../evm/permits.ts'
import type { Accepted, Challenge } from '../proofs.ts'
import { type Bad, payment, pays, type Row, withAt } from './row.ts'

const PAYER = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const OTHER: Hex = `0x${'c1'.repeat(20)}`
const [MALFORMED, UNSUPPORTED] = ['proof_malformed', 'proof_unsupported']

type Changes = Partial<Parameters<typeof signPermit>[0]> & { accepted?: object; payer?: Hex }

/** A right payment by Permit2 of an entry of a 402, as JSON; what is changed is signed so. */
export async function permitPayment(entry: Accepted, { accepted, payer, ...changes }: Changes = {}) {
  const chainId = Number.parseInt(entry.network.slice('eip155:'.length), 10)
  const { facilitatorAddress: facilitator } = entry.extra
  const named = facilitator ? { facilitator } : {}
  const terms = { chainId, token: entry.asset, account: PAYER, to: entry.payTo, value: BigInt(entry.amount), ...named, ...changes }
  const permit = await signPermit(terms)
  const { spender = terms.facilitator ? UPTO_PROXY : EXACT_PROXY } = changes
  const witness = { to: permit.to, validAfter: `${permit.validAfter}`, ...(terms.facilitator ? { facilitator: terms.facilitator } : {}) }
  return {
    x402Version: 2,
    accepted: { ...entry, ...accepted },
    payload: {
      signature: permit.signature as string,
      permit2Authorization: {
        from: payer ?? permit.from,
        permitted: { token: permit.token, amount: `${permit.value}` },
        spender,
        nonce: `${BigInt(permit.nonce)}`,
        deadline: `${permit.validBefore}`,
        witness,
      },
    },
  }
}

/** The entry of a 402 that Permit2 can pay exactly. */
export function permitEntry({ x402: { accepts } }: Challenge): Accepted {
  return accepts.find(({ extra }) => extra.assetTransferMethod === 'permit2')!
}

const right = (challenge: Challenge, changes?: Changes) => permitPayment(permitEntry(challenge), changes)

const row = (what: string, status: number, code: string, path: string, to: unknown): Row => [
  `a permit ${what}`,
  status,
  code,
  async (c) => pays(withAt(await right(c), path, to)),
]
const SIGNED = ['from', 'permitted', 'permitted.token', 'permitted.amount', 'spender', 'nonce', 'deadline', 'witness']
const FIELDS = [...SIGNED, 'witness.to', 'witness.validAfter'].map((name) => `payload.permit2Authorization.${name}`)
const ALL = ['accepted.network', 'accepted.asset', 'accepted.payTo', 'accepted.amount', 'payload.signature', ...FIELDS]
const fields: Row[] = ALL.flatMap((path) => [
  row(`without ${path}`, 400, MALFORMED, path, undefined),
  row(`whose ${path} is a boolean`, 400, MALFORMED, path, true),
  row(`whose ${path} is in a list`, 400, MALFORMED, path, ['0']),
])

const NUMBERS = ['permitted.amount', 'nonce', 'deadline', 'witness.validAfter']
const spelled: Row[] = NUMBERS.flatMap((name) =>
  ['0x7d0', ' 2000', '02000', '-1', '2e3', `${2n ** 256n}`].map((text) =>
    row(`whose ${name} is ${JSON.stringify(text)}`, 400, MALFORMED, `payload.permit2Authorization.${name}`, text),
  ),
)

/** What is signed so, and is not what was asked. */
const signed = (what: string, code: string, changes: (entry: Accepted) => Changes): Row => [
  `a permit ${what}`,
  402,
  code,
  async (c) => pays(await right(c, changes(permitEntry(c)))),
]
const terms: Row[] = [
  signed('of one unit more', 'proof_wrong_amount', () => ({ value: 2_001n })),
  signed('of one unit less', 'proof_wrong_amount', () => ({ value: 1_999n })),
  signed('of one unit less in both places', 'proof_wrong_amount', () => ({ value: 1_999n, accepted: { amount: '1999' } })),
  signed('of all there can be', 'proof_wrong_amount', () => ({ value: 2n ** 256n - 1n })),
  signed('to another payee', 'proof_wrong_payee', () => ({ to: OTHER })),
  signed('of another token', 'proof_wrong_token', () => ({ token: OTHER })),
  signed('for the proxy of maxima', 'proof_wrong_spender', () => ({ spender: UPTO_PROXY })),
  signed('for anybody to take', 'proof_wrong_spender', () => ({ spender: OTHER })),
  signed('that ended in 1970', 'proof_expires_soon', () => ({ validBefore: 0n })),
  signed('that ends in five seconds', 'proof_expires_soon', () => ({ validBefore: BigInt(Math.floor(Date.now() / 1000) + 5) })), // not money: a time
  signed('that begins in a minute', 'proof_not_yet_valid', () => ({ validAfter: BigInt(Math.floor(Date.now() / 1000) + 60) })), // not money: a time
  signed('that begins at the end of time', 'proof_not_yet_valid', () => ({ validAfter: 2n ** 256n - 1n })),
  signed('of another payer', 'proof_bad_signature', () => ({ payer: OTHER })),
  signed('signed on another chain', 'proof_bad_signature', () => ({ chainId: 1 })),
  row('with the nonce of another', 402, 'proof_bad_signature', 'payload.permit2Authorization.nonce', '7'),
  row('on the next chain', 402, 'proof_wrong_chain', 'accepted.network', 'eip155:31338'),
  row('that accepts another payee', 402, 'proof_wrong_payee', 'accepted.payTo', OTHER),
  row('that accepts another token', 402, 'proof_wrong_token', 'accepted.asset', OTHER),
]

const kinds: Row[] = [
  row('of scheme Exact', 402, UNSUPPORTED, 'accepted.scheme', 'Exact'),
  row('of scheme upto that names no facilitator', 400, MALFORMED, 'accepted.scheme', 'upto'),
  row('of scheme auth-capture', 402, UNSUPPORTED, 'accepted.scheme', 'auth-capture'),
  row('that says EIP-3009', 400, MALFORMED, 'accepted.extra.assetTransferMethod', 'eip3009'),
  row('that does not say how', 400, MALFORMED, 'accepted.extra.assetTransferMethod', undefined),
  row('by a method of no name', 402, UNSUPPORTED, 'accepted.extra.assetTransferMethod', '__proto__'),
  row('of version 1', 402, UNSUPPORTED, 'x402Version', 1),
  row('on another kind of network', 402, UNSUPPORTED, 'accepted.network', 'solana:mainnet'),
  row('that lasts longer than its quote says', 402, 'challenge_altered', 'accepted.extra.quote', `2000.9999999999.${'A'.repeat(22)}`),
  [
    'a permit with the quote of an authorization',
    402,
    'challenge_altered',
    async (c) => pays(await right(c, { accepted: { extra: { ...permitEntry(c).extra, quote: c.x402.accepts[0]!.extra.quote } } })),
  ],
  [
    'an authorization with the quote of a permit',
    402,
    'challenge_altered',
    async (c) => pays(withAt(await payment(c), 'accepted.extra.quote', permitEntry(c).extra.quote)),
  ],
  [
    'a maximum where an exact amount is asked',
    402,
    UNSUPPORTED,
    async (c) => {
      const entry = { ...permitEntry(c), scheme: 'upto' }
      return pays(await permitPayment({ ...entry, extra: { ...entry.extra, facilitatorAddress: OTHER } }))
    },
  ],
  [
    'a permit and an authorization in one payload, accepting the authorization',
    400,
    MALFORMED,
    async (c): Promise<Bad> => {
      const [one, other] = [await payment(c), await right(c)]
      return pays({ ...one, payload: { ...one.payload, ...other.payload } })
    },
  ],
  [
    'a permit whose authorization is only inherited',
    400,
    MALFORMED,
    async (c) => pays(JSON.stringify(await right(c)).replace('"permit2Authorization":', '"__proto__":')),
  ],
]

/** The order of secp256k1. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (n: bigint): string => n.toString(16).padStart(64, '0')
const resigned = (what: string, change: (r: string, s: string, v: string) => string): Row => [
  `a permit whose signature ${what}`,
  402,
  'proof_bad_signature',
  async (c) => {
    const whole = await right(c)
    const [, r, s, v] = /^0x(.{64})(.{64})(..)$/.exec(whole.payload.signature)!
    return pays(withAt(whole, 'payload.signature', change(r!, s!, v!)))
  },
]
const signatures: Row[] = [
  resigned('is its malleable twin', (r, s, v) => `0x${r}${word(N - BigInt(`0x${s}`))}${v === '1b' ? '1c' : '1b'}`),
  resigned('is its malleable twin with the old v', (r, s, v) => `0x${r}${word(N - BigInt(`0x${s}`))}${v}`),
  resigned('has a v of 0 or 1', (r, s, v) => `0x${r}${s}${v === '1b' ? '00' : '01'}`),
  // Permit2 itself would take it: one payment would have two spellings.
  resigned('is compact (EIP-2098)', (r, s, v) => `0x${r}${word(BigInt(`0x${s}`) | (v === '1c' ? 1n << 255n : 0n))}`),
  resigned('is a byte longer', (r, s, v) => `0x${r}${s}${v}00`),
]

export const permitRows: readonly Row[] = [fields, spelled, terms, kinds, signatures].flat()
