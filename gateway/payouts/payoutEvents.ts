import type { MoneyText } from '../audit/receipt/moneyText.ts'
import { moneyText } from '../audit/receipt/receipt.ts'
import { noted, ownersOf, partyOf, type Scene, type Telling, type Told } from '../events/telling/telling.ts'
import { readBatchFact } from './batch/facts.ts'
import { type NetFact, readNetFact } from './netting/facts.ts'
import { type MoneyData, type PayoutFact, payoutOf, readFact, readMoneyData } from './payoutState/facts.ts'
import { readQuoteFact } from './quotes/facts.ts'
import { sentOf } from './quotes/view.ts'
import { readFact as readRecallFact } from './recalls/facts.ts'
import { readFact as readWithdrawalFact } from './withdrawal/facts.ts'

const tellPayouts: Telling = (fact, scene) => {
  const known = readFact(fact)
  const told = known && tellPayout(known, scene)
  if (!told || known.type !== 'payout.settled') return told ? [told] : []
  const to = noted(scene.recall(known.data.attempt), 'to')
  return to === null ? [told] : [told, received(known, to, scene)]
}

/** A party that is paid here is told so, and not who pays it. */
function received({ id, data: { attempt, rail } }: Extract<PayoutFact, { type: 'payout.settled' }>, party: string, scene: Scene): Told {
  const amount = scene.recall(attempt)?.data.amount as MoneyText // As `attempt.sent` noted it.
  return { type: 'deposit.received', subject: id, parties: [party], data: { id, party, rail, amount } }
}

function tellPayout(fact: PayoutFact, scene: Scene): Told | undefined {
  const id = payoutOf(fact)
  if (fact.type === 'payout.created') {
    const { source, behalf, amount, reference, destinations } = fact.data
    const accounts = [source, ...(behalf ? [behalf.account] : [])]
    return created(scene, {
      id,
      accounts,
      amount,
      reference,
      net: null,
      to: destinations.map((d) => (d.kind === 'party' ? d.party : null)),
    })
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  switch (fact.type) {
    case 'attempt.sent': {
      const { rail, amount, destination } = fact.data
      const to = (scene.recall(id)?.data.to as readonly (string | null)[] | undefined)?.[destination] ?? null // As noted below.
      if (to !== null) scene.note(fact.id, { parties: [], data: { to, amount: textOf(amount) } })
      return { type: 'payout.sent', ...own, data: { id, attempt: fact.id, rail, amount: textOf(amount) } }
    }
    case 'attempt.unknown':
      return { type: 'payout.unknown', ...own, data: { id, attempt: fact.id, stuck: fact.data.stuck } }
    case 'payout.settled': {
      const { rail, fee } = fact.data
      return { type: 'payout.settled', ...own, data: { id, rail, fee: textOf(fee), net: null } }
    }
    case 'payout.failed':
      return { type: 'payout.failed', ...own, data: { id, code: fact.data.code, net: null } }
    case 'payout.parted': {
      const parts = fact.data.parts.map((part) => ({ id: part.id, amount: textOf(part.amount) }))
      return { type: 'payout.parted', ...own, data: { id, parts } }
    }
    case 'payout.parts_ended':
      return partsEnded(fact, own)
    case 'payout.part_returned': {
      const { part, amount, credited } = fact.data
      return { type: 'payout.part_returned', ...own, data: { id, part, amount: textOf(amount), credited: textOf(credited) } }
    }
    case 'payout.returned': {
      const { amount, credited, reason = null } = fact.data
      return { type: 'payout.returned', ...own, data: { id, amount: textOf(amount), credited: textOf(credited), reason } }
    }
    default:
      return undefined
  }
}

/** The same words as of a payout that is paid whole; which rails paid, its parts tell. */
function partsEnded({ id, data }: Extract<PayoutFact, { type: 'payout.parts_ended' }>, own: Pick<Told, 'subject' | 'parties'>): Told {
  if (data.outcome === 'settled') return { type: 'payout.settled', ...own, data: { id, rail: null, fee: null, net: null } }
  if (data.outcome === 'failed') return { type: 'payout.failed', ...own, data: { id, code: 'attempts_failed', net: null } }
  // Where all that was paid came back before the last part had its end, it is so with nothing paid: each part that came back has told of it.
  return { type: 'payout.partly_settled', ...own, data: { id, paid: textOf(data.paid), released: textOf(data.released) } }
}

type Created = Readonly<{
  id: string
  accounts: readonly string[]
  amount: MoneyData
  reference: string
  net: string | null
  to: readonly (string | null)[]
}>

/** What it pays out of somebody's balance is theirs to read; what it pays out of other accounts, the operator's alone. */
function created(scene: Scene, { id, accounts, amount, reference, net, to }: Created): Told {
  const parties = accounts.flatMap(partyOf)
  scene.note(id, { parties, data: { to, source: accounts[0] ?? null } })
  const data = { id, party: parties[0] ?? null, amount: textOf(amount), reference, net }
  return { type: 'payout.created', subject: id, parties, data }
}

/** A member of a net is a payout of its own: it begins when it joins, and ends with the net. */
const tellNets: Telling = (fact, scene) => {
  const known = readNetFact(fact)
  if (known?.type === 'netting.joined') {
    const { net, source, amount, reference } = known.data
    scene.note(net, { parties: [], data: { members: [...membersOf(scene, net), known.id] } })
    return [created(scene, { id: known.id, accounts: [source], amount, reference, net, to: [] })]
  }
  return known?.type === 'netting.ended' ? membersOf(scene, known.id).map((id) => memberEnded(known, id, scene)) : []
}

function memberEnded({ id: net, data }: Extract<NetFact, { type: 'netting.ended' }>, id: string, scene: Scene): Told {
  const own = { subject: id, parties: ownersOf(scene, id) }
  // What the one payment cost is shared among its members; each sees its part in its payout.
  if (data.outcome === 'settled') return { type: 'payout.settled', ...own, data: { id, rail: null, fee: null, net } }
  return { type: 'payout.failed', ...own, data: { id, code: 'attempts_failed', net } }
}

function membersOf(scene: Scene, net: string): readonly string[] {
  return (scene.recall(net)?.data.members ?? []) as readonly string[] // As noted above.
}

/** A batch is its party's; each of its rows is a payout of its own. */
const tellBatches: Telling = (fact, scene) => {
  const known = readBatchFact(fact)
  if (!known) return []
  const { id } = known
  if (known.type === 'payout_batch.created') {
    const { party, asset, units, feeUnits, rows, refused } = known.data
    scene.note(id, { parties: [party], data: {} })
    const amount = textOf({ asset, units: (BigInt(units) - BigInt(feeUnits)).toString() })
    return [{ type: 'payout_batch.created', subject: id, parties: [party], data: { id, party, amount, rows, refused: refused.length } }]
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  if (known.type === 'payout_batch.canceled') {
    scene.note(id, { parties: own.parties, data: { canceled: true } })
    return [{ type: 'payout_batch.canceled', ...own, data: { id } }]
  }
  if (known.type !== 'payout_batch.ended') return []
  const { settled, failed, refused, canceled } = known.data
  return [{ type: 'payout_batch.ended', ...own, data: { id, settled, failed, refused, canceled } }]
}

/** A quote is its party's. */
const tellQuotes: Telling = (fact, scene) => {
  const known = readQuoteFact(fact)
  if (!known) return []
  const { id } = known
  if (known.type === 'quote.created') {
    const { party, receive, expiresAt } = known.data
    scene.note(id, { parties: [party], data: {} })
    const data = { id, party, send: moneyText(sentOf(known.data)), receive: textOf(receive), expires_at: new Date(expiresAt).toISOString() }
    return [{ type: 'quote.created', subject: id, parties: [party], data }]
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  if (known.type === 'quote.used') return [{ type: 'quote.used', ...own, data: { id, payout: known.data.payout } }]
  return [{ type: 'quote.expired', ...own, data: { id } }]
}

/** A recall is about a payout, and whose that is reads of it. */
const tellRecalls: Telling = (fact, scene) => {
  const known = readRecallFact(fact)
  if (!known || known.type === 'recall.sent') return []
  const { payout } = known.data
  const own = { subject: payout, parties: ownersOf(scene, payout) }
  if (known.type === 'recall.asked') {
    return [{ type: 'payout.recall_asked', ...own, data: { id: payout, recall: known.id, reason: known.data.reason } }]
  }
  const { answer, code = null } = known.data
  return [{ type: 'payout.recall_answered', ...own, data: { id: payout, recall: known.id, answer, code } }]
}

/** Of a rail's own wallet: the operator's. */
const tellWithdrawals: Telling = (fact, scene) => {
  const known = readWithdrawalFact(fact)
  if (!known) return []
  const { id } = known
  const own = { subject: id, parties: [] }
  if (known.type === 'withdrawal.settled')
    return [{ type: 'withdrawal.settled', ...own, data: { id, transaction: known.data.transaction } }]
  if (known.type === 'withdrawal.failed') return [{ type: 'withdrawal.failed', ...own, data: { id, detail: known.data.detail } }]
  const { rail, asset, units, fee } = known.data
  const begun = { id, rail, amount: scene.amount({ asset, units }), fee: scene.amount({ asset, units: fee }) }
  return [{ type: 'withdrawal.created', ...own, data: begun }]
}

function textOf(amount: MoneyData): MoneyText {
  return moneyText(readMoneyData(amount))
}

/** What money that goes out tells. */
export const payoutEvents: readonly Telling[] = [tellPayouts, tellNets, tellWithdrawals, tellBatches, tellQuotes, tellRecalls]
