import { print } from '../print.ts'
import { type Asked, whichGateway } from '../whichGateway.ts'
import { ledgerTable } from './ledgerTable.ts'
import { type PeriodWords, periodQuery } from './periodQuery.ts'

/** What GET /v1/ledger/profit says, as far as it is printed. */
type ProfitAnswer = Readonly<{
  from: string
  to: string
  time_zone: string
  status: 'preliminary' | 'final'
  until: string
  currency: string
  own_before: string
  own_after: string
  profit: string
  owner: string
  unpriced: readonly string[]
  lines: readonly Readonly<{ source: string; account: string; asset: string; amount: string; value: string | null }>[]
  assets: readonly Readonly<{ asset: string; own_after: string; value: Readonly<{ revaluation: string }> | null }>[]
}>

/** What was earned in a period, by where it came from. */
export async function ledgerProfit(o: Asked & PeriodWords): Promise<number> {
  const profit = (await whichGateway(o).call('GET', `/v1/ledger/profit?${periodQuery(o)}`)) as ProfitAnswer // The gateway's own answer.
  print(o, profit, () => profitText(profit))
  return 0
}

/** The lines, what rates have changed, and the sums. */
export function profitText(of: ProfitAnswer): string {
  const { currency } = of
  const lines = of.lines.map(({ source, account, asset, amount, value }) => [source, account, asset, amount, value ?? 'no rate'])
  const rates = of.assets.flatMap(({ asset, value }) =>
    value && value.revaluation !== '0' ? [['revaluation', '', asset, '', value.revaluation]] : [],
  )
  const sums = [
    ['own before', of.own_before],
    ['profit', of.profit],
    ['of the owner', of.owner],
    ['own after', of.own_after],
  ].map(([what = '', value = '']) => [what, '', '', '', value])
  const titles = ['from', 'account', 'asset', 'amount', currency]
  return [
    ledgerTable(titles, [...lines, ...rates, ...sums], ['left', 'left', 'left', 'right', 'right']),
    '',
    ...(of.unpriced.length > 0 ? [`not in the sums, because a rate is missing: ${of.unpriced.join(', ')}`] : []),
    `${of.from} to ${of.to} (${of.time_zone}), ${of.status === 'final' ? 'final' : `preliminary: until ${of.until}`}`,
  ].join('\n')
}
