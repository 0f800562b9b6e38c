import { formatAmount } from '../../money/money.ts'
import { csvLine, textCell } from './csv.ts'
import { type AssetBalance, lastDay, type Movement, type Statement } from './statement.ts'
import { WORTH_COLUMNS, worthCells } from './worthCells.ts'

const COLUMNS = ['date', 'time', 'kind', 'amount', 'asset', 'balance', 'id', 'reference', 'description', 'entry', 'asset_id']
const NS_PER_MS = 1_000_000n

/** The statement as CSV: for each asset a line of what it had, one a movement, and one of what it has. */
export function* statementCsv(statement: Statement): Generator<string> {
  yield csvLine([...COLUMNS, ...WORTH_COLUMNS])
  for (const of of statement.balances) {
    yield balanceLine(of, { day: statement.period.from, kind: 'opening', units: of.opening })
    for (const page of statement.pages(of)) yield page.map(movementLine).join('')
    yield balanceLine(of, { day: lastDay(statement), kind: statement.isPreliminary ? 'preliminary' : 'closing', units: of.closing })
  }
}

function balanceLine({ asset }: AssetBalance, { day, kind, units }: Readonly<{ day: string; kind: string; units: bigint }>): string {
  const empty = WORTH_COLUMNS.map(() => '')
  return csvLine([day, '', kind, '', textCell(asset.code), formatAmount({ asset, units }), '', '', '', '', asset.id, ...empty])
}

function movementLine({ at, day, asset, units, balance, worth, ...story }: Movement): string {
  const ms = Number(at / NS_PER_MS) // not money: a time
  const amounts = [formatAmount({ asset, units }), textCell(asset.code), formatAmount({ asset, units: balance })]
  const words = [story.of, story.reference, story.description].map(textCell)
  return csvLine([day, new Date(ms).toISOString(), story.kind, ...amounts, ...words, story.entry, asset.id, ...worthCells(worth, ms)])
}
