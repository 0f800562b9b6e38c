import { readFileSync } from 'node:fs'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { download } from '../download.ts'
import { type Asked, whichGateway } from '../whichGateway.ts'
import { fileTold } from './fileTold.ts'
import { type PeriodWords, periodQuery } from './periodQuery.ts'

type Options = Asked & PeriodWords & Readonly<{ accounts?: string | undefined; file?: string | undefined }>

/** All entries of a period as double entry in CSV, in the bookkeeper's accounts where a file says which they are. */
export async function ledgerAccounting(o: Options): Promise<number> {
  const { url, key } = whichGateway(o)
  const accounts = o.accounts === undefined ? undefined : rowsOf(o.accounts)
  fileTold(o, await download({ url, key, path: `/v1/ledger/accounting?${periodQuery(o, { accounts })}`, file: o.file }))
  return 0
}

/** A row a line, `party=1600`; empty ones and those behind a `#` are for people. */
function rowsOf(file: string): string {
  const rows = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (rows.length > 0) return rows.join(',')
  throw new GatewayError('invalid_request', `${file} has no row`, { hint: 'Write one a line, such as party=1600.' })
}
