import type { Fact } from '../../gateway/ports/books.ts'
import { type Teller, USDC } from './teller.ts'

const OPEN_MAX = 12

/**
 * What waits for another person without end, a step at a time: asked for, agreed to or refused, done; beside it limits of parties, how they want to pay,
 * and their agents.
 */
export function* people(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  const open: string[] = []
  const agents: string[] = []
  for (let day = 20_833; ; ) {
    const party = t.dice.pick(parties)
    const deed = t.dice.below(8)
    if (deed === 0) {
      const payoutsUsdMax = t.dice.percent(70) ? '5000000' : null
      const policy = { version: day, by: party, allow: [], forbid: ['bank'], prefer: ['lightning'], preferByNano: '100', waitPercent: 50 }
      yield [t.fact('approval.limited', party, { by: party, payoutsUsdMax }), t.fact('routing_policy.set', party, policy)]
    } else if (deed === 1) {
      day += t.dice.percent(30) ? 1 : 0
      yield [t.fact('approval.spared', t.dice.pick(['gateway', party]), { usd: '700', day })]
    } else if (deed === 2) yield [agent(t, { agents, party })]
    else if (deed === 3 && agents.length > 0) {
      yield [t.fact('agent.changed', t.dice.pick(agents), { status: t.dice.pick(['active', 'paused', 'revoked']), by: party })]
    } else if (open.length >= OPEN_MAX || (open.length > 0 && t.dice.percent(50))) {
      const id = open.splice(t.dice.below(open.length), 1)[0]!
      if (t.dice.percent(60)) yield [t.fact('approval.given', id, { by: 'operator', person: 'berta', as: 'gateway' })]
      const end = t.dice.pick(['refused', 'expired', 'used'])
      if (end === 'expired') yield [t.fact('approval.expired', id)]
      else if (end === 'refused') yield [t.fact('approval.refused', id, { by: 'operator', person: 'carl' })]
      else yield [t.fact('approval.given', id, { by: party, person: 'dora', as: 'party' }), t.fact('approval.used', id)]
    } else yield [asked(t, { open, party })]
  }
}

function agent(t: Teller, { agents, party }: Readonly<{ agents: string[]; party: string }>): Fact {
  const id = t.id('ag_')
  agents.push(id)
  const signed = t.dice.percent(50) ? { mandate: mandate(t) } : {}
  return t.fact('agent.created', id, { party, name: 'buyer', requestUsdMax: '10000', dayUsdMax: '100000', ...signed, by: party })
}

/** Its tokens stay in the journal, and what they limit is remembered. */
function mandate(t: Teller) {
  const sha256 = t.dice.hex(32)
  const checkout = t.dice.percent(50) ? { checkout: 'x.y.z~', checkoutSha256: sha256, items: ['https://api.example/joke'] } : {}
  const again = t.dice.percent(50) ? { budgetUsdMax: '20000000' } : { usesMax: 1 }
  const issuerKey = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }
  return { payment: 'x.y.z~', issuerKey, paymentSha256: sha256, signedSha256: t.dice.hex(32), issuer: 'thumbprint', ...checkout, ...again }
}

function asked(t: Teller, { open, party }: Readonly<{ open: string[]; party: string }>): Fact {
  const id = t.id('ap_')
  open.push(id)
  const order = { payout: t.id('po_'), source: `party:${party}`, destinations: [], reference: 'large', feeMax: '10' }
  return t.fact('approval.asked', id, {
    by: party,
    what: 'POST /v1/payouts',
    fingerprint: t.dice.hex(32),
    request: '{}',
    why: 'above the limit',
    needs: ['gateway', 'party'],
    expiresAt: 1_900_000_000_000,
    party,
    asset: USDC.id,
    units: '9000000',
    hold: t.id('en_'),
    order: t.dice.percent(70) ? order : undefined,
  })
}
