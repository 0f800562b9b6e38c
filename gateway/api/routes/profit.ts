import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { periodOf } from '../../audit/statements/period.ts'
import { shownUntil } from '../../audit/statements/shownUntil.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount } from '../../money/money.ts'
import { type Profit, profitOf } from '../../treasury/accounting/profit.ts'
import { callerId, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { createFileTurns } from '../http/fileTurns.ts'
import { shownNow } from '../http/shownNow.ts'
import { ledgerTime } from './ledgerViews.ts'
import { requireBegun } from './statements.ts'
import { profitQuery } from './statementWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'valuation' | 'worthThen'>

/** What the operator has earned in a period. */
export function profitRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { callers, ground, valuation, worthThen } = faces
  const turns = createFileTurns()
  const summary = 'What was earned in a period, by where it came from, in each asset and in the reporting currency'
  return async (app) => {
    app.get('/v1/ledger/profit', { schema: { querystring: profitQuery, tags: ['ledger'], summary } }, async (request) => {
      const caller = callers.authenticate(request)
      requireOperator(caller)
      const { from, to, time_zone: zone } = request.query
      const period = periodOf({ from, to, zone })
      const now = ground.clock.now()
      requireBegun(period, now)
      const reads = await shownNow(faces)
      const { until, isPreliminary } = shownUntil(reads, { period, now })
      const done = turns(callerId(caller))
      try {
        const profit = await inTurn(profitOf(reads, { period, until, worthThen }))
        const days = { from, to, time_zone: zone, status: isPreliminary ? 'preliminary' : 'final', until: ledgerTime(until) }
        return { object: 'profit', ...days, currency: valuation.currency.code, ...profitView(profit, valuation.currency) }
      } finally {
        done()
      }
    })
  }
}

/** Others' requests are answered between two parts. */
async function inTurn(work: Generator<undefined, Profit>): Promise<Profit> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    await turn()
  }
}

function profitView({ before, after, profit, owner, lines, assets, unpriced }: Profit, currency: Asset) {
  const value = (units: bigint) => formatAmount({ asset: currency, units })
  const named = (asset: Asset) => ({ asset: asset.code, asset_id: asset.id })
  return {
    own_before: value(before),
    own_after: value(after),
    profit: value(profit),
    owner: value(owner),
    unpriced: unpriced.map(({ id }) => id),
    lines: lines.map(({ source, account, asset, units, value: worth }) => {
      return { source, account, ...named(asset), amount: formatAmount({ asset, units }), value: worth === undefined ? null : value(worth) }
    }),
    assets: assets.map(({ asset, value: of, ...own }) => {
      const amounts = { own_before: formatAmount({ asset, units: own.before }), own_after: formatAmount({ asset, units: own.after }) }
      const worth = of && { own_before: value(of.before), own_after: value(of.after), revaluation: value(of.revaluation) }
      return { ...named(asset), ...amounts, value: worth ?? null }
    }),
  }
}
