import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { formatAmount } from '../../money/money.ts'
import { type AssetSheet, type BalanceSheet, balanceSheet, type Sides } from '../../treasury/positions/balanceSheet.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { shownNow } from '../http/shownNow.ts'
import { balanceSheetQuery } from '../http/wire.ts'
import { ledgerTime } from './ledgerViews.ts'

const tags = ['ledger']

type Needs = Pick<Faces, 'audit' | 'callers' | 'ledger' | 'valuation'>

/** What rails hold, what of it is owed, and what is the operator's. */
export function balanceSheetRoutes({ audit, callers, ledger, valuation }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const summary = 'What is held, owed and own, in each asset and in the reporting currency'
    app.get('/v1/balance_sheet', { schema: { querystring: balanceSheetQuery, tags, summary } }, async (request) => {
      requireOperator(callers.authenticate(request))
      const rates = valuation.by(request.query.rates_of)
      const reads = await shownNow({ audit, ledger })
      const [asOf, groups] = [reads.cursor().at, reads.groups()]
      return {
        object: 'balance_sheet',
        as_of: ledgerTime(asOf),
        currency_rates: rates.said ?? null,
        ...sheetView(balanceSheet(groups, { rates, currency: valuation.currency })),
      }
    })
  }
}

function sheetView(sheet: BalanceSheet) {
  const { currency } = sheet
  return {
    currency: currency.code,
    ...sidesView(sheet.value, currency),
    unpriced: sheet.unpriced.map(({ id }) => id),
    assets: sheet.assets.filter(({ lines, isWhole }) => lines.length > 0 || !isWhole).map((of) => assetView(of, sheet)),
  }
}

function assetView({ asset, sides, lines, value, rate, isWhole }: AssetSheet, { currency }: BalanceSheet) {
  return {
    asset: asset.code,
    asset_id: asset.id,
    ...sidesView(sides, asset),
    verdict: isWhole ? 'equal' : 'break',
    value: value === undefined ? null : sidesView(value, currency),
    rate: rate === undefined ? null : { source: rate.source, observed_at: new Date(rate.observedAt).toISOString() },
    lines: lines.map(({ group, side, units }) => ({ accounts: group, side, amount: formatAmount({ asset, units }) })),
  }
}

function sidesView({ held, owed, own }: Sides, asset: BalanceSheet['currency']) {
  const amount = (units: bigint) => formatAmount({ asset, units })
  return { held: amount(held), owed: amount(owed), own: amount(own) }
}
