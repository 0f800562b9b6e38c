import { noted, ownersOf, type Scene, type Telling, type Told } from '../events/telling/telling.ts'
import { readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import { type OrderFact, readOrderFact } from './facts.ts'

const tellOrders: Telling = (fact, scene) => {
  const known = readOrderFact(fact)
  return known ? [tellOrder(known, scene)] : []
}

function tellOrder(fact: OrderFact, scene: Scene): Told {
  const { id } = fact
  if (fact.type === 'standing_order.created') {
    const { party, asset } = fact.data
    scene.note(id, { parties: [party], data: { asset } })
    return { type: 'standing_order.created', subject: id, parties: [party], data: { id, party } }
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  switch (fact.type) {
    case 'standing_order.changed':
      return { type: 'standing_order.changed', ...own, data: { id, status: fact.data.status } }
    case 'standing_order.ran': {
      const { payout, units, waits = false } = fact.data
      scene.note(runName(payout), { parties: [], data: { order: id } })
      const amount = scene.amount({ asset: noted(scene.recall(id), 'asset')!, units }) // As its beginning noted it.
      return { type: 'standing_order.ran', ...own, data: { id, payout, amount, needs_approval: waits } }
    }
    case 'standing_order.skipped':
      return { type: 'standing_order.skipped', ...own, data: { id } }
    case 'standing_order.failed': {
      const { code, detail } = fact.data
      return { type: 'standing_order.failed', ...own, data: { id, payout: null, code, detail } }
    }
  }
}

/** A payout that was made for an order and could not be paid is told of the order too. */
const tellRuns: Telling = (fact, scene) => {
  const known = readPayoutFact(fact)
  if (known?.type !== 'payout.failed') return []
  const id = noted(scene.recall(runName(known.id)), 'order')
  if (id === null) return []
  const { code } = known.data
  const data = { id, payout: known.id, code, detail: 'No rail has paid it; its money is on the balance again.' }
  return [{ type: 'standing_order.failed', subject: id, parties: ownersOf(scene, id), data }]
}

/** Payouts are noted under their own ids. */
function runName(payout: string): string {
  return `standing_order:${payout}`
}

/** What standing orders tell. */
export const orderEvents: readonly Telling[] = [tellOrders, tellRuns]
