import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { formatAmount } from '../../money/money.ts'
import { type AssetSheet, type BalanceSheet, balanceSheet, type Sides } from '../../treasury/positions/balanceSheet.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { shownNow } from '../http/shownNow.ts'
import { ledgerTime } from './ledgerViews.ts'

const tags = ['ledger']

/** What rails hold, what of it is owed, and what is the operator's. */
export function balanceSheetRoutes({
  audit,
  callers,
  ground,
  ledger,
}: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/balance_sheet',
      { schema: { tags, summary: 'What is held, owed and own, in each asset and in dollars' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const reads = await shownNow({ audit, ledger })
        const [asOf, groups] = [reads.cursor().at, reads.groups()]
        return {
          object: 'balance_sheet',
          as_of: ledgerTime(asOf),
          ...sheetView(balanceSheet(groups, { rates: ground.rates, currency: ground.usd })),
        }
      },
    )
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
