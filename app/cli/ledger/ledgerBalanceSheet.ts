import { print } from '../print.ts'
import { type Asked, whichGateway } from '../whichGateway.ts'
import { ledgerTable } from './ledgerTable.ts'

/** What GET /v1/balance_sheet says, as far as it is printed. */
type Sides = Readonly<{ held: string; owed: string; own: string }>
type AssetSheet = Sides &
  Readonly<{
    asset: string
    asset_id: string
    verdict: 'equal' | 'break'
    value: Sides | null
    lines: readonly Readonly<{ accounts: string; side: string; amount: string }>[]
  }>
export type SheetAnswer = Sides &
  Readonly<{
    as_of: string
    currency: string
    currency_rates: Readonly<{ source: string; date: string }> | null
    unpriced: readonly string[]
    assets: readonly AssetSheet[]
  }>

type Options = Asked & Readonly<{ lines?: boolean | undefined; ratesOf?: string | undefined }>

/** What is held, owed and own, in each asset and in the reporting currency; 1 when what is held is not what is owed and own. */
export async function ledgerBalanceSheet(o: Options): Promise<number> {
  const query = o.ratesOf === undefined ? '' : `?rates_of=${encodeURIComponent(o.ratesOf)}`
  const sheet = (await whichGateway(o).call('GET', `/v1/balance_sheet${query}`)) as SheetAnswer // The gateway's own answer.
  print(o, sheet, () => sheetText(sheet, o.lines ?? false))
  return sheet.assets.every(({ verdict }) => verdict === 'equal') ? 0 : 1
}

/** The table, and below it what is wrong or has no price. */
export function sheetText(sheet: SheetAnswer, withLines: boolean): string {
  const { currency } = sheet
  const titles = ['asset', 'held', 'owed', 'own', `held in ${currency}`, `owed in ${currency}`, `own in ${currency}`]
  const cells = ({ held, owed, own }: Sides) => [held, owed, own]
  const rows = sheet.assets.flatMap((of) => [
    [of.asset, ...cells(of), ...(of.value ? cells(of.value) : ['no rate', '', ''])],
    ...(withLines ? of.lines.map(({ accounts, side, amount }) => [`  ${accounts}`, ...cells(inColumn(side, amount)), '', '', '']) : []),
  ])
  const all = ['all', '', '', '', ...cells(sheet)]
  const wrong = sheet.assets.filter(({ verdict }) => verdict === 'break')
  return [
    ledgerTable(titles, [...rows, all], ['left', 'right', 'right', 'right', 'right', 'right', 'right']),
    '',
    ...wrong.map(({ asset }) => `BREAK: what is held in ${asset} is not what is owed and own; run switchyard ledger verify`),
    ...(sheet.unpriced.length > 0 ? [`not in the sums, because they have no rate: ${sheet.unpriced.join(', ')}`] : []),
    ...(sheet.currency_rates ? [`currencies by the rates of ${sheet.currency_rates.source} of ${sheet.currency_rates.date}`] : []),
    `as of ${sheet.as_of}`,
  ].join('\n')
}

function inColumn(side: string, amount: string): Sides {
  const of = (column: string) => (column === side ? amount : '')
  return { held: of('held'), owed: of('owed'), own: of('own') }
}
