import { GatewayError } from '../errors/gatewayError.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import { compare, type Money } from '../money/money.ts'
import type { Along } from '../parties/party/parties.ts'
import { unitsData } from '../payins/intent/intentData.ts'
import type { Books } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import { toPlanFact } from './facts.ts'
import type { Plan } from './plan.ts'
import type { PlanRecords } from './records.ts'

/** Plans of one payee that new subscriptions may be made of. */
const ACTIVE_MAX = 1_000

type NewPlan = Omit<Plan, 'id' | 'active' | 'createdAt' | 'createdBy'>
type Order = Readonly<{ by: string; along: Along<Plan> }>

export type Plans = ReturnType<typeof createPlans>

/** What can be subscribed to. `records` must have been made before the books started. */
export function createPlans({ books, clock, ids, records }: Readonly<{ books: Books; clock: Clock; ids: IdSource; records: PlanRecords }>) {
  const inTurn = createInTurn()
  const making = createUnderWay()

  function get(id: string): Plan {
    const plan = records.get(id)
    if (!plan) throw new GatewayError('not_found', `There is no plan ${id.slice(0, 60)}`)
    return plan
  }

  return {
    get,
    async create(fresh: NewPlan, { by, along }: Order): Promise<void> {
      if (records.activeOf(fresh.payee.id) + making.of(fresh.payee.id) >= ACTIVE_MAX)
        throw new GatewayError('too_many_active', `${fresh.payee.id} has ${ACTIVE_MAX} active plans`)
      const [id, at] = [ids.plan(), clock.now()]
      const { claims, facts } = along({ ...fresh, id, active: true, createdBy: by, createdAt: at })
      const data = { ...fresh, amount: unitsData(fresh.amount), by }
      const created = toPlanFact({ type: 'plan.created', id, at, data })
      await making.during([fresh.payee.id], () => submitUntilKnown(books, { claims, facts: [created, ...facts] }))
    },
    /** Periods that begin from now on cost this; those that have begun cost what they did. */
    async reprice(id: string, amount: Money, { by, along }: Order): Promise<void> {
      await inTurn(id, async () => {
        const plan = get(id)
        const { claims, facts } = along({ ...plan, amount })
        const fact = toPlanFact({ type: 'plan.repriced', id: plan.id, at: clock.now(), data: { amount: unitsData(amount), by } })
        await submitUntilKnown(books, { claims, facts: [...(compare(plan.amount, amount) === 0 ? [] : [fact]), ...facts] })
      })
    },
    /** Nobody can subscribe to it any more; who has goes on. The same again changes nothing. */
    async deactivate(id: string, { by, along }: Order): Promise<void> {
      await inTurn(id, async () => {
        const plan = get(id)
        const { claims, facts } = along({ ...plan, active: false })
        const ended = plan.active ? [toPlanFact({ type: 'plan.deactivated', id: plan.id, at: clock.now(), data: { by } })] : []
        await submitUntilKnown(books, { claims, facts: [...ended, ...facts] })
      })
    },
  }
}
