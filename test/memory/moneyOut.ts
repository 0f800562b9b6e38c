import { BTC } from '../../gateway/money/asset.ts'
import type { Fact, Json } from '../../gateway/ports/books.ts'
import { moneyOf, type Story, type Teller, USDC } from './teller.ts'

type Told = Readonly<{ id: string; ends?: 'settled' | 'failed'; allowance?: string }>

/** A payout with its decisions and tries, to its end or not; out of an allowance, or to an address, when it is. */
export function* payout(t: Teller, told: Partial<Told> = {}): Story {
  const id = told.id ?? t.id('po_')
  const units = 1_000 + t.dice.below(50_000)
  const [amount, fee] = [moneyOf(USDC, units), moneyOf(BTC, 10)]
  const destinations = [{ kind: 'lightning_address', address: 'payee@example.org' }]
  const source = `party:${t.dice.pick(t.known.parties)}`
  const behalf = told.allowance === undefined ? {} : { behalf: { account: source, allowance: told.allowance } }
  const borne = units % 5 === 0 ? { feeMax: '300' } : {}
  // Of a batch that was planned, or for the cheapest time, of which it has seen one price or none.
  const planned = units % 3 === 1 ? { planned: { rail: 'lightning', destination: 0, preferNano: '5' } } : {}
  const cheapest = units % 4 === 1 ? { cheapest: true, deliverBy: 1_900_000_000_000 } : {}
  const created = {
    source,
    ...behalf,
    ...borne,
    ...planned,
    ...cheapest,
    amount,
    destinations,
    reference: 'for work',
    createdBy: 'operator',
  }
  const use =
    told.allowance === undefined ? [] : [t.fact('allowance.used', told.allowance, { payout: id, units: amount.units, key: `key:${id}:1` })]
  yield [t.fact('payout.created', id, { ...created, hold: t.id('en_'), claims: [`claim:${id}`] }), ...use]
  const decision = t.id('dec_')
  const shares = units % 2 === 0 ? { shares: { own: '10', ownUsd: '1', partyMax: '0' } } : {} // Old journals have none.
  const chance = { successPpm: '980000', ...(units % 3 === 0 ? { railPpm: '990000', secondsToFunds: '9', railSeconds: '3' } : {}) }
  const chosen = { rail: 'lightning', destination: 0, verdict: 'chosen', rank: 0, amount: moneyOf(BTC, 5_000), feeMax: fee }
  const candidate = { ...chosen, ...chance, ...shares }
  const other = { rail: 'bank', destination: 0, verdict: 'impossible', reason: 'not_served', detail: 'no such destination' }
  const weighed = {
    worthNano: '1',
    attemptsMax: 3,
    candidates: [candidate, other],
    order: [0],
    expectedNano: '2',
    lostNano: '0',
    rates: [],
  }
  const timing = units % 4 === 1 ? { timing: { by: 1_900_000_000_000, why: 'low_enough', costNano: '3', lowestNano: '3' } } : {}
  const made = t.fact('decision.made', decision, { payout: id, amount, ...weighed, ...planned, ...timing })
  yield units % 8 === 1 ? [{ ...made, type: 'payout.price_seen', id, data: { costNano: '3' } }, made] : [made]
  const tries = 1 + t.dice.below(3)
  for (let n = 1; n <= tries; n++) {
    const attempt = t.id('at_')
    const sent = {
      payout: id,
      decision,
      rail: 'lightning',
      destination: 0,
      amount: moneyOf(BTC, 5_000),
      feeMax: fee,
      ...shares,
      feesComeBy: 'outcome',
      purses: units % 4,
    }
    if (t.dice.percent(10) && (n < tries || told.ends === 'failed')) {
      yield [t.fact('attempt.declined', attempt, { ...sent, feeHeld: false, reason: 'insufficient_liquidity', detail: 'fx is empty' })]
      continue
    }
    yield [
      t.fact('lnurl.invoice_taken', attempt, invoiceTaken(t)),
      t.fact('attempt.sent', attempt, { ...sent, feeHeld: true, reservation: t.id('en_'), railKey: 'ab'.repeat(32) }),
    ]
    if (!told.ends && t.dice.percent(5)) return
    if (t.dice.percent(40)) yield doubted(t, { id, attempt })
    const settles = n === tries && told.ends !== 'failed'
    if (settles) {
      yield settled(t, { id, attempt, fee })
      if (t.dice.percent(20)) yield [t.fact('payout.returned', id, returned(t, attempt))]
      return
    }
    const again = { change: 'fee_limit', at: 1 }
    yield [t.fact('attempt.failed', attempt, { payout: id, reason: 'no_route', detail: 'no way there', again })]
  }
  yield [
    t.fact('payout.failed', id, {
      code: 'attempts_failed',
      refusals: [{ rail: 'bank', destination: 0, reason: 'not_served', detail: '' }],
    }),
  ]
}

/** What is stuck, persons say something of. */
function doubted(t: Teller, { id, attempt }: { id: string; attempt: string }): Fact[] {
  const stuck = t.dice.percent(20)
  const unknown = t.fact('attempt.unknown', attempt, { payout: id, stuck, detail: 'no answer' })
  const said = { payout: id, outcome: 'failed', action: `sa_${'1'.repeat(32)}`, by: 'anna', reason: 'the payee has not got it' }
  return stuck ? [unknown, { ...unknown, type: 'attempt.ruled', data: said }] : [unknown]
}

function invoiceTaken(t: Teller) {
  const successAction = t.dice.pick([
    undefined,
    { tag: 'message', message: 'Thank you' },
    { tag: 'url', description: 'more', url: 'https://example.org/' },
  ])
  return { invoice: `lnbc1${t.dice.hex(20)}`, host: 'example.org', paymentHash: t.dice.hex(32), successAction }
}

function returned(t: Teller, attempt: string) {
  const meaning = { words: 'the account is closed', next: 'correct' }
  const reason = t.dice.percent(50) ? { reason: 'AC04', meaning } : {}
  return { attempt, settlement: `bank:received:${t.dice.hex(8)}`, amount: moneyOf(BTC, 900), credited: moneyOf(USDC, 9), ...reason }
}

function settled(t: Teller, o: { id: string; attempt: string; fee: Json }): Fact[] {
  const evidence = { rail: 'lightning', id: t.dice.hex(32), at: 1_800_000_000_000, proof: t.dice.hex(32) }
  const exceptions = t.dice.percent(20) ? [t.dice.pick(['not_booked', 'hold_lost', 'fee_not_booked'])] : []
  return [
    t.fact('attempt.settled', o.attempt, { payout: o.id, evidence, fee: o.fee }),
    t.fact('payout.settled', o.id, { attempt: o.attempt, rail: 'lightning', evidence, fee: o.fee, exceptions }),
  ]
}

/** A held Lightning payment for a payout: taken, given back, lost or in doubt. */
export function* exchange(t: Teller): Story {
  const [id, out, hash] = [t.id('ex_'), t.id('po_'), t.dice.hex(32)]
  const amount = moneyOf(BTC, 70_000)
  const held = {
    kind: 'hold',
    hash,
    invoice: `lnbc1${hash}`,
    network: 'regtest',
    amount,
    fee: moneyOf(BTC, 70),
    expiresAt: 1_900_000_000_000,
    holdableMs: 9,
  }
  yield [t.fact('exchange.created', id, { ...opening(t, out), pay: held, claims: [`claim:${id}`] })]
  if (t.dice.percent(20)) return void (yield [t.fact('exchange.released', id, { reason: 'unpaid' })])
  yield [t.fact('exchange.held', id, { decideBy: 1_800_000_100_000, excess: moneyOf(BTC, t.dice.below(9)), entry: t.id('en_') })]
  if (t.dice.percent(20)) return void (yield [t.fact('exchange.released', id, { reason: 'insufficient_liquidity' })])
  const ends = t.dice.pick(['settled', 'failed'] as const)
  const way = t.dice.below(4)
  const paying = payout(t, { id: out, ends })
  yield paying.next().value as Fact[] // The story of a payout begins with its creation.
  if (way === 0) yield [t.fact('exchange.doubted', id, { decideBy: 1_800_000_100_000 })]
  if (way === 1) yield [t.fact('exchange.lost', id, { state: 'gone' })]
  if (way === 0) yield [t.fact('exchange.taken', id, { stray: false })]
  yield* paying
  if (way === 1) {
    if (ends === 'settled') yield [t.fact('exchange.covered', id)]
  } else if (ends === 'settled') {
    if (way !== 0) yield [t.fact('exchange.taken', id, { stray: false })]
  } else yield [way === 0 ? t.fact('exchange.credited', id) : t.fact('exchange.released', id, { reason: 'payout_failed' })]
  if (t.dice.percent(10)) yield [t.fact('exchange.taken', id, { stray: true })]
}

/** An intent's payment for a Lightning payout, with the way back when that fails. */
export function* refundable(t: Teller): Story {
  const [id, out, refund, paid] = [t.id('ex_'), t.id('po_'), t.id('po_'), t.id('pi_')]
  const refundTo = t.dice.percent(50) ? [{ kind: 'evm_address', address: `0x${t.dice.hex(20)}` }] : []
  const amount = moneyOf(USDC, 7_000)
  const plain = { asset: USDC.id, units: '7000' }
  const terms = {
    amount: plain,
    credit: plain,
    payee: { kind: 'party', id: t.dice.pick(t.known.parties) },
    metadata: {},
    expiresAt: 1_900_000_000_000,
    offers: [],
  }
  yield [t.fact('intent.created', paid, terms)]
  const pay = { kind: 'intent', intent: paid, amount, expiresAt: 1_900_000_000_000, refundTo, refund }
  yield [t.fact('exchange.created', id, { ...opening(t, out), pay, claims: [`claim:${id}`] })]
  if (t.dice.percent(20)) return void (yield [t.fact(t.dice.pick(['intent.expired', 'intent.canceled']), paid)])
  yield [t.fact('intent.settled', paid, { rail: 'evm:31337', settlementId: `evm:31337:${paid}`, amount: plain, receipt: t.id('rc_') })]
  const ends = t.dice.pick(['settled', 'failed'] as const)
  yield* payout(t, { id: out, ends })
  if (ends === 'failed' && refundTo.length > 0) yield* payout(t, { id: refund, ends: t.dice.pick(['settled', 'failed']) })
}

function opening(t: Teller, out: string) {
  const leg = {
    payout: out,
    amount: moneyOf(USDC, 6_900),
    destinations: [{ kind: 'iban', iban: 'DE89', name: 'Payee' }],
    reference: 'x',
    worstMs: 5,
  }
  return { party: t.dice.pick(t.known.parties), createdBy: 'operator', toPay: leg }
}

/** Small payouts to one payee that are paid as one. */
export function* net(t: Teller): Story {
  const [id, pays] = [t.id('nt_'), t.id('po_')]
  const destination = { kind: 'evm_address', address: `0x${t.dice.hex(20)}` }
  for (let n = 1 + t.dice.below(4); n > 0; n--) {
    const member = t.id('po_')
    const own = {
      source: `party:${t.dice.pick(t.known.parties)}`,
      amount: moneyOf(USDC, 10 + t.dice.below(90)),
      reference: 'tip',
      createdBy: 'operator',
    }
    const bounds = { unitsMax: '100000', countMax: 5 + t.dice.below(5), closeBy: 1_800_000_000_000 + t.dice.below(9_000) }
    yield [t.fact('netting.joined', member, { net: id, destination, ...own, hold: t.id('en_'), ...bounds, claims: [`claim:${member}`] })]
  }
  if (t.dice.percent(20)) return
  const expected = t.dice.percent(70) ? { aloneNano: `${5_000 + t.dice.below(9_000)}`, togetherNano: '4000' } : {}
  yield [t.fact('netting.closed', id, { pays, reason: t.dice.pick(['amount', 'count', 'age']), ...expected })]
  const ends = t.dice.pick(['settled', 'failed'] as const)
  yield* payout(t, { id: pays, ends })
  if (t.dice.percent(80)) yield [t.fact('netting.ended', id, { outcome: ends })]
}

/** Coins of the node's own wallet that leave it, or do not. */
export function* withdrawal(t: Teller): Story {
  const id = t.id('wd_')
  const plan = { address: `bcrt1q${t.dice.hex(20)}`, asset: BTC.id, units: '9000000', fee: '1400', inputs: [`${t.dice.hex(32)}:0`] }
  yield [t.fact('withdrawal.begun', id, { rail: 'lightning', place: 'wallet', entry: t.id('en_'), ...plan })]
  const end = t.dice.below(3)
  if (end === 0) yield [t.fact('withdrawal.settled', id, { transaction: t.dice.hex(32) })]
  if (end === 1) yield [t.fact('withdrawal.failed', id, { detail: 'a coin was spent elsewhere' })]
}

/** What an operator does with money of nobody: found, assigned in parts, refunded or written off; above a limit with another's word. */
export function* hand(t: Teller): Story {
  const found = t.id('sa_')
  const grounds = { reason: 'they have written', evidence: t.dice.percent(50) ? { text: 'a mail' } : { sha256: t.dice.hex(32) } }
  const asked = (id: string, deed: Json, units: string) =>
    t.fact('suspense.asked', id, { deed, asset: USDC.id, units, by: 'anna', ...grounds })
  const booked = (id: string) => t.fact('suspense.booked', id, { by: t.dice.pick(['anna', 'operator']), entry: t.id('en_') })
  const adjust = { what: 'adjust', debit: 'rail:bank:account', credit: 'suspense:bank' }
  yield [
    asked(found, adjust, '900'),
    t.fact('suspense.put', found, { rail: 'bank', asset: USDC.id, units: '900', note: 'found by hand' }),
    booked(found),
  ]
  const id = t.id('sa_')
  const item = { item: found, rail: 'bank', payer: 'Customer 1' }
  const [units, payout] = [t.dice.pick(['900', '400']), t.id('po_')]
  const deed = t.dice.pick([
    { what: 'assign', to: t.dice.pick(t.known.parties), ...item },
    { what: 'refund', payout, destinations: [], reference: 'back', ...item },
    { what: 'write_off', ...item },
  ])
  yield [asked(id, deed, units)]
  if (t.dice.percent(10)) return
  if (t.dice.percent(20)) return void (yield [t.fact('suspense.canceled', id, { by: 'operator' })])
  yield [t.fact('suspense.taken', id, { item: found, units }), booked(id)]
  if (deed.what !== 'refund') return
  if (t.dice.percent(80)) yield [t.fact('suspense.refused', id, { detail: 'no rail here pays it' })]
}
