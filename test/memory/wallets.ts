import { BTC } from '../../gateway/money/asset.ts'
import { payout } from './moneyOut.ts'
import { type Story, type Teller, USDC } from './teller.ts'

const received = (t: Teller, reference: string, more: object = {}) => {
  const data = {
    rail: 'lightning',
    place: 'node',
    kind: 'received',
    cursor: t.dice.hex(4),
    asset: BTC.id,
    units: `${1 + t.dice.below(90_000)}`,
  }
  return t.fact('settlement.booked', `lightning:received:${t.dice.hex(32)}`, { ...data, reference, ...more })
}

/** A Lightning Address, its standing offer, what comes in by them, and sometimes its end. */
export function* address(t: Teller): Story {
  const [name, owner] = [t.id('name-'), t.dice.pick(t.known.parties)]
  const success = t.dice.percent(50) ? { tag: 'message', message: 'Danke schön' } : null
  const terms = { party: owner, description: 'tips', minMsat: '1000', maxMsat: '9000000', commentMax: 40, payerData: {}, success }
  yield [t.fact('lightning_address.created', name, terms)]
  t.known.addresses.push(name)
  const reference = t.dice.hex(32)
  if (t.dice.percent(70)) yield [t.fact('lightning_address.offered', name, { party: owner, offer: `LNO1${reference}`, reference })]
  for (let n = t.dice.below(6); n > 0; n--) {
    yield [received(t, reference)]
    yield [received(t, t.dice.hex(32), { keysend: name, podcast: t.dice.pick(['{"podcast":"x"}', 'no json', undefined]) })]
  }
  if (t.dice.percent(20)) yield [t.fact('lightning_address.closed', name)]
}

/** An invoice that credits a party, paid or not, and paid twice. */
export function* invoice(t: Teller): Story {
  const hash = t.dice.hex(32)
  const purpose = { kind: 'app', of: t.known.apps.length > 0 ? t.dice.pick(t.known.apps) : 'wa_none', description: 'for work' }
  const data = { party: t.dice.pick(t.known.parties), units: '5000', invoice: `lnbc1${hash}`, purpose, expiresAt: 1_900_000_000_000 }
  yield [t.fact('party_invoice.made', hash, data)]
  for (let n = t.dice.below(3); n > 0; n--) yield [received(t, hash, { proof: t.dice.hex(32), party: data.party })]
}

/** A withdrawal link, what is withdrawn by it, and sometimes its end. */
export function* link(t: Teller): Story {
  const id = t.id('wl_')
  const data = {
    party: t.dice.pick(t.known.parties),
    asset: USDC.id,
    units: '900000',
    uses: 3,
    description: 'a gift',
    expiresAt: 1_900_000_000_000,
  }
  yield [t.fact('withdraw_link.created', id, data)]
  t.known.links.push(id)
  for (let n = t.dice.below(4); n > 0; n--) yield* payout(t, { allowance: id })
  if (t.dice.percent(30)) yield [t.fact('withdraw_link.canceled', id)]
}

/** An app with a budget, what it spends, and sometimes its end. */
export function* app(t: Teller): Story {
  const id = t.id('wa_')
  const expiresAt = t.dice.percent(50) ? 1_900_000_000_000 : null
  const data = {
    party: t.dice.pick(t.known.parties),
    name: 'an app',
    methods: ['pay_invoice'],
    budgetMsat: '9000000',
    period: 'daily',
    expiresAt,
  }
  yield [t.fact('wallet_app.created', id, data)]
  t.known.apps.push(id)
  for (let n = t.dice.below(4); n > 0; n--) yield* payout(t, { allowance: id })
  if (t.dice.percent(30)) yield [t.fact('wallet_app.revoked', id)]
}
