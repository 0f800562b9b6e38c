import { download } from '../download.ts'
import { type Asked, whichGateway } from '../whichGateway.ts'
import { fileTold } from './fileTold.ts'
import { type PeriodWords, periodQuery } from './periodQuery.ts'

type Options = Asked & PeriodWords & Readonly<{ asset?: string | undefined; format: string; file?: string | undefined }>

/** What moved on a party's balances, as a file; of whoever the key is where none is named. */
export async function ledgerStatement(party: string | undefined, o: Options): Promise<number> {
  const { url, key } = whichGateway(o)
  const path = `/v1/statements?${periodQuery(o, { party, asset: o.asset, format: o.format })}`
  fileTold(o, await download({ url, key, path, file: o.file }))
  return 0
}
