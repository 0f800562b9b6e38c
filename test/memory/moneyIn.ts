import { BTC } from '../../gateway/money/asset.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import { plainMoney, type Story, type Teller, USDC } from './teller.ts'

/** A party with its API key and, mostly, its table on chain; with the answer that its creation had. */
export function* party(t: Teller): Story {
  const id = t.id('pa_')
  const reference = t.dice.percent(50) ? `RF${t.dice.hex(6)}` : undefined
  const answered = t.fact('idempotency.answered', `idem:operator:POST:/v1/parties:${id}`, { status: 201, body: JSON.stringify({ id }) })
  yield [t.fact('party.created', id, { name: `Ünal ${id}`, keyHash: t.dice.hex(32), reference }), answered]
  t.known.parties.push(id)
  if (t.dice.percent(30)) yield* key(t, id)
  if (t.dice.percent(20)) yield* endpoint(t, id)
  if (t.dice.percent(60)) yield [split(t, [id], id)]
}

/** A further key, which is used, and ends by its time, after an overlap or at once. */
function* key(t: Teller, holder: string): Story {
  const id = t.id('key_')
  const [bound, isRevoked] = [t.dice.percent(50), t.dice.percent(50)]
  const terms = bound ? { can: { payouts: 'read' }, addresses: ['10.0.0.0/8'], endsAt: 1_800_000_000_000 } : {}
  yield [t.fact('key.created', id, { holder, name: `key ${id}`, hash: t.dice.hex(32), hint: t.dice.hex(2), by: 'operator', ...terms })]
  if (t.dice.percent(50)) yield [t.fact('keys.used', 'keys', { used: { [id]: 1_800_000_000_000 + t.dice.below(1_000_000) } })]
  if (t.dice.percent(50)) yield [t.fact('key.ended', id, { endsAt: 1_800_000_000_000, by: 'operator', revoked: isRevoked })]
}

/** A webhook endpoint that is changed, fails, recovers or is switched off, brings events again, and sometimes ends. */
function* endpoint(t: Teller, holder: string): Story {
  const id = t.id('we_')
  const by = { by: holder }
  const terms = t.dice.percent(50) ? { types: ['payment.*'], description: 'till' } : { metadata: { shop: 'north' } }
  const start = `evt_${'0'.repeat(12)}ffffffff`
  yield [t.fact('webhook.created', id, { holder, url: 'https://shop.example/hooks', version: '2026-11-23', start, ...by, ...terms })]
  const later: [string, Parameters<Teller['fact']>[2]][] = [
    ['webhook.changed', { ...by, types: t.dice.percent(50) ? null : ['payout.*'], description: null }],
    ['webhook.changed', { ...by, url: 'https://shop.example/other', metadata: {} }],
    ['webhook.rotated', { ...by, n: 2, previousUntil: 1_900_000_000_000 }],
    ['webhook.failing', { since: 1_800_000_000_000 }],
    ['webhook.recovered', {}],
    ['webhook.disabled', { by: 'gateway', why: 'failing' }],
    ['webhook.enabled', by],
    ['webhook.replayed', { ...by, n: 1, from: start, until: start }],
  ]
  for (const [type, data] of later) if (t.dice.percent(40)) yield [t.fact(type, id, data)]
  if (t.dice.percent(20)) yield [t.fact('webhook.deleted', id, by)]
}

/** A share table of two or three parties. */
export function* table(t: Teller): Story {
  const payees = Array.from({ length: 2 + t.dice.below(2) }, () => t.dice.pick(t.known.parties))
  yield [split(t, payees)]
}

function split(t: Teller, parties: readonly string[], house?: string) {
  const key = t.id('sp_')
  if (!house) t.known.splits.push(key)
  const payees = parties.map((payee, i) => {
    const row = { party: payee, account: `0x${t.dice.hex(20)}`, shares: `${1 + t.dice.below(100)}` }
    return !house && i === 0 && row.account.endsWith('0') ? { ...row, inBooks: true } : row
  })
  return t.fact('split.created', key, { payees, label: `table ${key}`, house })
}

/** A payment intent that is paid, paid again, paid late, canceled, expired, or left open. */
export function* intent(t: Teller): Story {
  const id = t.id('pi_')
  const usdc = plainMoney(USDC, 1_000 + t.dice.below(1_000_000))
  const offers = ['lightning', 'evm:31337', 'book'].map((rail) => {
    const amount = rail === 'lightning' ? plainMoney(BTC, 50_000) : usdc
    const wholeNano = rail === 'book' ? '1000000' : '1000400'
    const shared = {
      id: t.id('of_'),
      rail,
      amount,
      fullPrice: usdc,
      railCost: plainMoney(USDC, 3),
      wholeNano,
      expiresAt: 1_900_000_000_000,
    }
    return { ...shared, reference: rail === 'book' ? `book:${id}` : t.dice.hex(32), wire: { kind: rail === 'book' ? 'book' : 'any' } }
  })
  const payee = { kind: 'party', id: t.dice.pick(t.known.parties) }
  const expiresAt = 1_800_000_000_000 + t.dice.below(1_000_000_000)
  yield [
    t.fact('intent.created', id, {
      amount: usdc,
      credit: usdc,
      payee,
      createdBy: payee.id,
      metadata: { order: id },
      expiresAt,
      offers,
      decision: { id: `dec_${id.slice(3)}`, priceNano: '1000000', candidates: [], rates: [] },
    }),
  ]
  if (t.dice.percent(20)) yield [t.fact('intent.requoted', id, { offers: [{ ...offers[0]!, id: t.id('of_'), reference: t.dice.hex(32) }] })]
  const paid = (more: object) => ({ rail: 'lightning', settlementId: `lightning:received:${t.dice.hex(32)}`, amount: usdc, ...more })
  const end = t.dice.below(5)
  if (end === 0) return
  if (end === 1) yield [t.fact('intent.canceled', id)]
  if (end === 2) yield [t.fact('intent.expired', id)]
  if (end >= 3)
    yield [
      t.fact(
        'intent.settled',
        id,
        paid({ receipt: t.id('rc_'), ...(t.dice.percent(20) ? { credited: { asset: BTC.id, units: '7' } } : {}) }),
      ),
    ]
  for (let more = t.dice.below(3); more > 0; more--)
    yield [t.fact('intent.surplus', id, paid({ reason: end >= 3 ? 'paid_over' : 'paid_late' }))]
}

/** A paid request: by an authorization that is collected, fails or is let go, or by money that has arrived; answered, interrupted or running. */
export function* request(t: Teller): Story {
  const [receipt, nonce, from] = [t.id('rc_'), t.dice.hex(32), `0x${t.dice.hex(1).repeat(20)}`]
  const held = t.dice.percent(60)
  const token = `0x${'c'.repeat(40)}`
  const claimKey = held ? `evm:31337:${token}:${from}:${nonce}` : `lightning:${nonce}`
  const value = `${1_000 + t.dice.below(9_000)}`
  const authorization = {
    kind: 'eip3009',
    chainId: 31_337,
    token,
    from,
    to: `0x${t.dice.hex(20)}`,
    nonce: `0x${nonce}`,
    signature: `0x${t.dice.hex(65)}`,
    value,
    validAfter: '0',
    validBefore: '1900000000',
  }
  const claimed = {
    claimKey,
    fingerprint: t.dice.hex(16),
    rail: held ? 'evm:31337' : 'lightning',
    entry: t.id('en_'),
    payer: from,
    units: value,
  }
  // No count of the teller's for these either.
  const issued = { type: 'receipt.issued', id: receipt, at: 0, data: { id: receipt, payment: claimKey } }
  const updated = { type: 'receipt.updated', id: receipt, at: 0, data: { receipt, n: 2, state: 'settled', before: nonce } }
  // No further throw of the dice, so that the other stories stay as they are.
  const away = nonce < '6' ? { runner: `pa_${nonce.slice(0, 4)}/attempt-${nonce.slice(4, 20)}`, answerBy: 1_800_000_120_000 } : {}
  // Of some maxima nothing is taken.
  const units = nonce > 'e' ? '0' : '1'
  const told = { claimKey, status: 200, contentType: 'text/plain', used: '1' }
  const used = nonce > 'c' ? { charge: { units, price: units, credit: '0', taken: { asset: USDC.id, amount: '0.000001' } } } : {}
  yield [
    t.fact('request.claimed', receipt, {
      ...claimed,
      ...away,
      ...(held ? { authorization, settleFirst: t.dice.percent(30) ? 'yes' : 'no' } : {}),
      ...(held && nonce < '8' ? { price: value, exposed: 'yes' } : {}),
      ...(nonce > 'c' ? { price: value, metered: 'yes', payee: 'pa_1' } : {}),
    }),
    issued,
    ...(nonce > 'd' ? [{ type: 'request.metered', id: receipt, at: 0, data: told }] : []),
    ...(nonce < '8' ? [boughtPass(nonce, receipt)] : []),
  ]
  if (t.dice.percent(5)) return
  if (t.dice.percent(20)) yield [t.fact('request.started', receipt, { claimKey, ...away })]
  const exception = t.dice.percent(30) ? 'its money did not go back' : undefined
  if (t.dice.percent(10)) yield [t.fact('request.interrupted', receipt, { claimKey, rail: claimed.rail, exception })]
  else {
    const answered = { claimKey, status: 200, contentType: 'text/plain', body: 'the answer', ...used }
    const answer = t.fact('request.answered', receipt, answered)
    // Work that failed and is done again: no fact of the teller's count, and told in the same breath.
    const ended = { claimKey, rail: claimed.rail, ...(nonce < 'f' ? { exception: 'its payee has spent it' } : {}) }
    const failed = { type: 'request.handler_failed', id: receipt, at: 0, data: ended }
    const begun = { type: 'request.started', id: receipt, at: 0, data: { claimKey, again: 1 } }
    const rest = nonce < '7' ? restOfPass(nonce, receipt) : []
    yield [answer, ...rest, ...(nonce > 'd' ? [failed] : []), ...(nonce > 'd8' && nonce < 'f' ? [begun] : [])]
  }
  if (!held || t.dice.percent(10)) return
  const booked = {
    rail: 'evm:31337',
    place: 'receiver',
    kind: 'received',
    cursor: t.dice.hex(4),
    asset: USDC.id,
    units: value,
    request: receipt,
  }
  if (t.dice.percent(70)) yield [t.fact('settlement.booked', `evm:31337:received:${nonce}`, booked), updated]
  else if (t.dice.percent(50)) yield [t.fact('collection.failed', receipt, { claimKey, payer: from, reason: 'insufficient', units: value })]
  else yield [t.fact('collection.released', receipt, { claimKey })]
}

/** A pass, beside a request and without the teller's count or a throw of its dice, so that the other stories stay as they are. */
function boughtPass(nonce: string, receipt: string): Fact {
  const deposit = { kind: 'session', uses: 0, party: 'pa_1', returnInvoice: 'lnbcrt1' }
  const uses =
    nonce < '2' ? deposit : nonce < '4' ? { kind: 'uses', uses: 10, perUse: '2000', party: 'pa_1' } : { kind: 'budget', split: 'sp_1' }
  const data = {
    ...uses,
    route: nonce,
    receipt,
    entry: `en_${nonce}`,
    asset: USDC.id,
    units: '20000',
    msat: '20000',
    endsAt: 1_900_000_000_000,
  }
  return { type: 'pass.bought', id: `ps_${nonce.slice(0, 32)}`, at: 0, data }
}

/** A part of it that was given away, and its end. */
function restOfPass(nonce: string, receipt: string): Fact[] {
  const [id, at] = [`ps_${nonce.slice(0, 32)}`, 0]
  const narrowed = { type: 'pass.narrowed', id, at, data: { limit: nonce, units: '3' } }
  if (nonce < '2') return restOfSession(id, receipt).slice(0, nonce < '1' ? 3 : 2)
  const ended = { type: 'pass.ended', id, at, data: { request: receipt, units: '40', to: 'payee' } }
  return nonce < '5' ? [narrowed, ended] : [narrowed]
}

/** Another deposit of a session, its end, and what was tried with its rest. */
function restOfSession(id: string, receipt: string): Fact[] {
  const fact = (type: string, data: Fact['data']): Fact => ({ type, id, at: 0, data: { request: receipt, ...data } })
  const ended = { units: '4000', to: 'payer', msat: '4000' }
  return [fact('pass.added', { units: '20000' }), fact('pass.ended', ended), fact('pass.returned', { payout: 'po_1' })]
}

/** Money that nobody knows, which is matched later, or taken back by its chain and put there again. */
export function* suspense(t: Teller): Story {
  const [cursor, reference, units] = [t.dice.hex(4), t.dice.percent(70) ? t.dice.hex(32) : undefined, `${1 + t.dice.below(5_000)}`]
  const id = `evm:31337:received:${t.dice.hex(32)}`
  const data = { rail: 'evm:31337', place: 'hub', kind: 'received', cursor, asset: USDC.id, units }
  const splitId = `0x${t.dice.hex(1).repeat(32)}`
  yield [
    t.fact('settlement.booked', id, {
      ...data,
      splitId,
      potReceived: units,
      entry: t.id('en_'),
      reference,
      payer: '0xab',
      suspense: 'unknown',
    }),
  ]
  if (t.dice.percent(40)) return void (yield [t.fact('settlement.matched', id, { settlement: id })])
  if (t.dice.percent(50)) return
  const outcome = t.dice.pick(['taken_back', 'declined'])
  const movement = `moves ${units}`
  const demoted = { ...data, settlement: id, movement, booked: t.id('en_'), outcome, exception: 'the chain replaced its block' }
  const pot = t.dice.percent(50) ? { onPot: 'yes', splitId, potReceived: '0' } : {}
  yield [t.fact('settlement.demoted', `${id}:demoted`, { ...demoted, ...pot })]
  if (t.dice.percent(60)) yield [t.fact('settlement.booked', `${id}:again`, { ...data, instead: id, entry: t.id('en_') })]
}

/** A voucher channel: deposits, vouchers, claims, a claim that the chain takes back, and mostly an end. */
export function* channel(t: Teller): Story {
  const [rail, name, splitId] = ['evm:31337', `0x${t.dice.hex(32)}`, `0x${t.dice.hex(1).repeat(32)}`]
  const move = (kind: string, units: number) => ({
    rail,
    place: 'hub',
    kind,
    cursor: t.dice.hex(4),
    asset: USDC.id,
    units: `${units}`,
    channel: name,
    splitId,
    ...(kind === 'deposited' ? { payer: `0x${t.dice.hex(20)}`, salt: `${t.dice.below(99)}`, closer: `0x${'0'.repeat(40)}` } : {}),
  })
  const settlement = () => `${rail}:vouched:${t.dice.hex(32)}`
  yield [t.fact('settlement.booked', `${rail}:deposited:${t.dice.hex(32)}`, move('deposited', 10_000))]
  for (let n = 1 + t.dice.below(5); n > 0; n--) {
    const voucher = { rail, channel: name, cumulative: `${(6 - n) * 1_000}`, signature: `0x${t.dice.hex(65)}` }
    yield [t.fact('voucher.accepted', t.id('rc_'), voucher)]
  }
  const claim = settlement()
  if (t.dice.percent(80)) yield [t.fact('vouchers.shown', rail, { shown: { [name]: '3000' } })]
  yield [t.fact('settlement.booked', claim, move('vouched', 3_000))]
  if (t.dice.percent(30)) {
    const demoted = {
      rail,
      settlement: claim,
      movement: `claims ${name}`,
      splitId,
      cursor: t.dice.hex(4),
      booked: t.id('en_'),
      outcome: 'taken_back',
    }
    yield [t.fact('settlement.demoted', `${claim}:demoted`, demoted)]
    yield [
      t.fact('settlement.booked', settlement(), {
        rail,
        cursor: t.dice.hex(4),
        kind: 'vouched',
        asset: USDC.id,
        units: '3000',
        instead: claim,
      }),
    ]
  }
  if (t.dice.percent(70)) yield [t.fact('settlement.booked', `${rail}:withdrawn:${t.dice.hex(32)}`, move('withdrawn', 7_000))]
}

/** Channels of x402 that pay again and again; sometimes the work fails, and the same sum is tried once more. */
export function* x402Vouchers(t: Teller): Generator<Fact[], never> {
  const [rail, address] = ['evm:31337', () => `0x${t.dice.hex(20)}`]
  const channels = Array.from({ length: 4 }, () => ({ id: `0x${t.dice.hex(32)}`, splitId: `0x${t.dice.hex(32)}`, sum: 0, again: 0 }))
  const [payer, receiver, token, salt] = [address(), address(), address(), `0x${t.dice.hex(32)}`]
  const config = { payer, payerAuthorizer: payer, receiver, receiverAuthorizer: receiver, token, withdrawDelay: 900, salt }
  for (;;) {
    const one = t.dice.pick(channels)
    one.again = one.sum > 0 && t.dice.percent(10) ? one.again + 1 : 0
    if (one.again === 0) one.sum += 1 + t.dice.below(9)
    const { id, splitId, sum, again } = one
    const voucher = {
      rail,
      channel: id,
      splitId,
      cumulative: `${sum}`,
      signature: `0x${t.dice.hex(65)}`,
      claimKey: `${id}:${sum}:${again}`,
    }
    const vouched = t.fact('x402.vouched', t.id('rc_'), { ...voucher, config })
    yield [vouched, ...refundAfter(vouched.at, { rail, channel: id, sum })]
  }
}

/** After some sums the channel is paid back, mostly to the end. */
function refundAfter(at: number, { rail, channel, sum }: Readonly<{ rail: string; channel: string; sum: number }>): Fact[] {
  if (sum % 5 > 0) return []
  const [id, named] = [`x402:refund:${channel}:${sum}`, { rail, channel, sum: `${sum}` }]
  const asked = sum % 2 === 0 ? { asked: '500' } : {}
  const data = { ...named, ...asked, units: '500', nonce: `${sum}`, isEarned: sum % 4 === 0 }
  const begun = { type: 'x402.refunding', id, at, data }
  if (sum % 3 === 0) return [begun]
  const ended = sum % 7 === 0 ? { outcome: 'failed', transaction: '' } : { outcome: 'settled', transaction: channel }
  return [begun, { type: 'x402.refunded', id, at, data: { ...named, ...ended } }]
}
