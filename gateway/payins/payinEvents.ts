import { noted, ownersOf, type Scene, type Telling, type Told, timeText } from '../events/telling/telling.ts'
import { BTC } from '../money/asset.ts'
import { readRequestFact } from './claim/facts.ts'
import { type IntentFact, readIntentFact } from './intent/facts.ts'
import { type PassFact, readPassFact } from './pass/facts.ts'
import { readGivenFact } from './refund/facts.ts'
import { type BookedData, type DemotedFact, readSettlementFact } from './settlement/facts.ts'

const SURPLUS = { paid_over: 'payment_intent.over', paid_late: 'payment_intent.late', paid_partial: 'payment_intent.partial' } as const

const tellIntents: Telling = (fact, scene) => {
  const known = readIntentFact(fact)
  return known ? [tellIntent(known, scene)] : []
}

function tellIntent(fact: IntentFact, scene: Scene): Told {
  const { id } = fact
  if (fact.type === 'intent.created') {
    const { amount, payee, metadata, offers, expiresAt } = fact.data
    const parties = scene.partiesOf(payee.id)
    scene.note(id, { parties, data: {} })
    const rails = [...new Set(offers.map(({ rail }) => rail))]
    const data = { id, amount: scene.amount(amount), payee: payee.id, metadata, rails, expires_at: timeText(expiresAt) }
    return { type: 'payment_intent.created', subject: id, parties, data }
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  if (fact.type === 'intent.canceled') return { type: 'payment_intent.canceled', ...own, data: { id } }
  if (fact.type === 'intent.expired') return { type: 'payment_intent.expired', ...own, data: { id } }
  if (fact.type === 'intent.requoted')
    return { type: 'payment_intent.requoted', ...own, data: { id, rails: [...new Set(fact.data.offers.map(({ rail }) => rail))] } }
  const { rail, amount } = fact.data
  const paid = { id, rail, paid: scene.amount(amount) }
  if (fact.type === 'intent.surplus') return { type: SURPLUS[fact.data.reason], ...own, data: paid }
  return { type: 'payment_intent.settled', ...own, data: { ...paid, receipt: fact.data.receipt } }
}

/** Of a paid request its receipt tells all but whether its payer is a party. */
const tellRequests: Telling = (fact, scene) => {
  const known = readRequestFact(fact)
  if (known?.type === 'request.claimed') scene.note(known.id, { parties: [], data: { payer: known.data.payer } })
  return []
}

/** Refunds that are told as their receipt's, from before they were things of their own. Its payer is told too, so the seller's own reason stays with it. */
const tellRefunds: Telling = (fact, scene) => {
  const given = readGivenFact(fact)
  const paid = given && paidAssetOf(scene, given.id)
  if (!given || paid === undefined) return []
  const { id, data } = given
  const amounts = { amount: scene.amount({ asset: paid, units: data.units }), left: scene.amount({ asset: paid, units: data.left }) }
  const unnamed = { id: null, payment_intent: null, rail: null, way: null }
  return [{ type: 'refund.created', subject: id, parties: ownersOf(scene, id), data: { receipt: id, ...amounts, ...unnamed } }]
}

function paidAssetOf(scene: Scene, receipt: string): string | undefined {
  const paid = scene.recall(receipt)?.data.paid as Readonly<{ asset: string }> | undefined // As receipts are noted.
  return paid?.asset
}

const tellPasses: Telling = (fact, scene) => {
  const known = readPassFact(fact)
  if (known?.type === 'pass.bought') {
    const { id, data } = known
    const payee = data.party ?? data.split ?? ''
    const parties = scene.partiesOf(payee)
    scene.note(id, { parties, data: { receipt: data.receipt } })
    const sold = { id, receipt: data.receipt, kind: data.kind, payee, uses: data.uses ?? null, ends_at: timeText(data.endsAt) }
    return [{ type: 'pass.bought', subject: id, parties, data: sold }]
  }
  return known ? tellPassNews(known, scene) : []
}

function tellPassNews(fact: Exclude<PassFact, { type: 'pass.bought' }>, scene: Scene): Told[] {
  const { id } = fact
  const own = { subject: id, parties: ownersOf(scene, id) }
  switch (fact.type) {
    case 'pass.added': {
      const { request: receipt, units } = fact.data
      return [{ type: 'pass.topped_up', ...own, data: { id, receipt, amount: scene.amount({ asset: BTC.id, units }) } }]
    }
    case 'pass.ended':
      return [{ type: 'pass.ended', ...own, data: { id, receipt: fact.data.request, left_to: fact.data.to } }]
    case 'pass.returned': {
      const { request: receipt, payout = null, reason = null } = fact.data
      return [{ type: 'pass.returned', ...own, data: { id, receipt, payout, reason } }]
    }
    case 'pass.narrowed':
      return []
  }
}

/** Reports of rails, as far as they are of a party, of a channel or of nobody; payments tell their own. */
const tellSettlements: Telling = (fact, scene) => {
  const known = readSettlementFact(fact)
  switch (known?.type) {
    case 'settlement.booked':
      return known.data.kind === 'opening' ? [] : tellBooked(known.id, known.data, scene)
    case 'settlement.demoted':
      return [tellDemoted(known, scene)]
    case 'settlement.matched': {
      const { id, data } = known
      return [{ type: 'suspense.matched', subject: data.settlement, parties: [], data: { item: data.settlement, receipt: id } }]
    }
    case 'suspense.put': {
      const { id, data } = known
      scene.note(id, { parties: [], data: { asset: data.asset } })
      const put = { id, rail: data.rail, amount: scene.amount(data), reason: data.note }
      return [{ type: 'suspense.opened', subject: id, parties: [], data: put }]
    }
    case 'suspense.taken': {
      const { id, data } = known
      const asset = noted(scene.recall(data.item), 'asset')
      if (asset === null) return []
      const taken = { id, item: data.item, amount: scene.amount({ asset, units: data.units }) }
      return [{ type: 'suspense.taken', subject: data.item, parties: [], data: taken }]
    }
    default:
      return []
  }
}

function tellBooked(id: string, data: BookedData, scene: Scene): Told[] {
  if (data.suspense !== undefined) {
    scene.note(id, { parties: [], data: { asset: data.asset } })
    const waits = { id, rail: data.rail, amount: scene.amount(data), reason: data.suspense }
    return [{ type: 'suspense.opened', subject: id, parties: [], data: waits }]
  }
  if (data.channel !== undefined) return tellChannel(data.channel, data, scene)
  if (data.party === undefined || data.entry === undefined) return []
  const { party, rail } = data
  return [{ type: 'deposit.received', subject: id, parties: [party], data: { id, party, rail, amount: scene.amount(data) } }]
}

/** A channel is its payees' affair; its payer is an account on chain. */
function tellChannel(id: string, data: BookedData, scene: Scene): Told[] {
  const type = channelEvent(data)
  const name = `channel:${data.rail}:${id}`
  // A deposit that is not counted opens nothing.
  if (!type || (type !== 'channel.opened' && !scene.recall(name))) return []
  const split = data.splitId?.toLowerCase()
  const parties = split === undefined ? [] : scene.partiesOf(split)
  const key = split === undefined ? null : noted(scene.recall(split), 'key')
  scene.note(name, { parties, data: {} })
  return [{ type, subject: id, parties, data: { id, rail: data.rail, split: key, amount: scene.amount(data) } }]
}

function channelEvent({ kind, salt }: BookedData) {
  if (kind === 'deposited') return salt === undefined ? 'channel.topped_up' : 'channel.opened'
  if (kind === 'vouched') return 'channel.claimed'
  return kind === 'withdrawn' ? 'channel.closed' : undefined
}

function tellDemoted({ id, data }: DemotedFact, scene: Scene): Told {
  const { settlement, rail, outcome, payment = null } = data
  // What was never booked may be in an asset that the books do not know.
  const amount = outcome === 'never_booked' ? null : scene.amount(data)
  const undone = { id, settlement, rail, amount, outcome, payment }
  return { type: 'settlement.taken_back', subject: settlement, parties: [], data: undone }
}

/** What money that comes in tells. */
export const payinEvents: readonly Telling[] = [tellIntents, tellRequests, tellRefunds, tellPasses, tellSettlements]
