import type { Fact } from '../../gateway/ports/books.ts'
import type { Teller } from './teller.ts'

const OPEN_MAX = 12

/** Errands without end, a step at a time: taken, and mostly settled or failed later; and what their sellers list. */
export function* errands(t: Teller, sellers: readonly string[]): Generator<Fact[], never> {
  const open: string[] = []
  for (;;) {
    const ending = open.length >= OPEN_MAX || (open.length > 0 && t.dice.percent(50))
    if (!ending) yield [taken(t, open, t.dice.pick(sellers))]
    else yield [ended(t, open.splice(t.dice.below(open.length), 1)[0]!)]
    if (t.dice.percent(30)) yield [listed(t, t.dice.pick(sellers))]
  }
}

function taken(t: Teller, open: string[], seller: string): Fact {
  const [id, from] = [t.id('er_'), `0x${t.dice.hex(20)}`]
  // The dice come round; a nonce is used once.
  const nonce = `0x${id.slice('er_'.length).padStart(64, '0')}`
  open.push(id)
  const token = `0x${'c'.repeat(40)}`
  const signed = {
    from,
    to: `0x${t.dice.hex(20)}`,
    nonce,
    signature: `0x${t.dice.hex(65)}`,
    value: '2000',
    validAfter: '0',
    validBefore: '1900000000',
  }
  return t.fact('errand.taken', id, {
    seller,
    claimKey: `errand:evm:31337:${token}:${from}:${nonce}`,
    fingerprint: `0x${t.dice.hex(32)}`,
    rail: 'evm:31337',
    authorization: { kind: 'transfer', chainId: 31_337, token, ...signed },
    fee: '1300',
    entry: t.id('en_'),
  })
}

function ended(t: Teller, id: string): Fact {
  const transaction = `0x${t.dice.hex(32)}`
  if (t.dice.percent(80)) return t.fact('errand.settled', id, { transaction })
  return t.dice.percent(50)
    ? t.fact('errand.failed', id, { reason: 'reverted', charged: 'yes', transaction })
    : t.fact('errand.failed', id, { reason: 'expired', charged: 'no' })
}

/** A resource that is listed, at another price, or taken off the list. */
function listed(t: Teller, seller: string): Fact {
  const resource = `https://shop.example/${t.dice.below(9)}`
  if (t.dice.percent(30)) return t.fact('listing.withdrawn', seller, { resource })
  const token = `0x${'c'.repeat(40)}`
  const terms = { scheme: 'exact', network: 'eip155:31337', asset: token, payTo: `0x${t.dice.hex(20)}`, amount: `${t.dice.below(9_000)}` }
  return t.fact('listing.published', seller, {
    resource,
    accepts: [{ ...terms, maxTimeoutSeconds: 60, extra: { name: 'USDC', version: '2' } }],
  })
}
