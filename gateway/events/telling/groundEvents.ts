import { readReceiptFact } from '../../audit/receipt/facts.ts'
import type { Receipt } from '../../audit/receipt/receipt.ts'
import { type ReceiptUpdate, staysSettled } from '../../audit/receipt/receiptUpdate.ts'
import { readAgentFact } from '../../parties/agents/facts.ts'
import { readKeyFact } from '../../parties/keys/facts.ts'
import { contractTable } from '../../parties/party/contractTable.ts'
import { readPartyFact, type SplitData } from '../../parties/party/facts.ts'
import type { SplitKey } from '../../ports/ids.ts'
import { splitTree } from '../../split/splitTree.ts'
import type { EventData } from '../catalog/catalog.ts'
import { noted, ownersOf, type Scene, type Telling, type Told, timeText } from './telling.ts'

/** Parties and their tables. */
const tellParties: Telling = (fact, scene) => {
  const known = readPartyFact(fact)
  if (known?.type === 'party.created') {
    const { id, data } = known
    return [{ type: 'party.created', subject: id, parties: [id], data: { id, name: data.name } }]
  }
  return known ? tellSplit(known.id, known.data, scene) : []
}

/** A table is asked for by its key, and by its id on chain. */
function tellSplit(id: SplitKey, { payees, label, house }: SplitData, scene: Scene): Told[] {
  const parties = payees.map(({ party }) => party)
  const { splitId } = splitTree(contractTable({ payees, label }))
  scene.note(id, { parties, data: {} })
  scene.note(splitId.toLowerCase(), { parties, data: { key: id } })
  if (house !== undefined) return []
  const table = payees.map(({ party, shares: weight }) => ({ party, shares: weight }))
  return [{ type: 'split.created', subject: id, parties, data: { id, label, payees: table } }]
}

/** A key is its holder's, and its secret nobody's here. */
const tellKeys: Telling = (fact, scene) => {
  const known = readKeyFact(fact)
  if (known?.type === 'key.created') {
    const { id, data } = known
    const { holder, name, hint, endsAt } = data
    const parties = holder.startsWith('pa_') ? [holder] : []
    scene.note(id, { parties, data: {} })
    const made = { id, holder, name, hint, ends_at: endsAt === undefined ? null : timeText(endsAt) }
    return [{ type: 'key.created', subject: id, parties, data: made }]
  }
  if (known?.type !== 'key.ended') return []
  const { id, data } = known
  const ended = { id, revoked: data.revoked, ends_at: timeText(data.endsAt) }
  return [{ type: 'key.ended', subject: id, parties: ownersOf(scene, id), data: ended }]
}

/** Payments, as their receipts and what was said of them later tell them. The receipt of an intent tells nothing that its intent does not. */
const tellReceipts: Telling = (fact, scene) => {
  const known = readReceiptFact(fact)
  if (known?.type === 'receipt.issued') return tellIssued(known.data, scene)
  return known ? tellUpdated(known.data, scene) : []
}

function tellIssued({ id, payment, resource, price, rail, paid, payee, state }: Receipt, scene: Scene): Told[] {
  const intent = payment.startsWith('pi_')
  const payer = noted(scene.recall(id), 'payer')
  const parties = intent ? ownersOf(scene, payment) : [...scene.partiesOf(payee), ...(payer?.startsWith('pa_') ? [payer] : [])]
  const data = { id, payment_intent: intent ? payment : null, rail, price, paid, resource }
  scene.note(id, { parties, data })
  if (intent) return []
  const type = state === 'settled' ? 'payment.settled' : 'payment.held'
  return [{ type, subject: id, parties, data: { ...data, reason: null, transaction: null, charged: null, part: null } }]
}

/** What a dispute or a refund leaves settled is told of the dispute or the refund alone: whoever ships what is settled would ship again. */
function tellUpdated(update: ReceiptUpdate, scene: Scene): Told[] {
  const { receipt, state, reason, transaction, charged, amount } = update
  const known = scene.recall(receipt)
  if (!known || staysSettled(update)) return []
  const news = { reason: reason ?? null, transaction: transaction ?? null, charged: charged ?? null, part: amount ?? null }
  const subject = noted(known, 'payment_intent') ?? receipt
  const payment = { ...known.data, ...news } as EventData<'payment.held'> // As noted above.
  return [{ type: `payment.${state}`, subject, parties: known.parties, data: payment }]
}

/** An agent is its party's. */
const tellAgents: Telling = (fact, scene) => {
  const known = readAgentFact(fact)
  if (known?.type === 'agent.created') {
    const { party, name } = known.data
    scene.note(known.id, { parties: [party], data: {} })
    return [{ type: 'agent.created', subject: known.id, parties: [party], data: { id: known.id, party, name } }]
  }
  if (known?.type !== 'agent.changed') return []
  const data = { id: known.id, status: known.data.status }
  return [{ type: 'agent.changed', subject: known.id, parties: ownersOf(scene, known.id), data }]
}

/** What the rooms below tell. */
export const groundEvents: readonly Telling[] = [tellParties, tellReceipts, tellKeys, tellAgents]
