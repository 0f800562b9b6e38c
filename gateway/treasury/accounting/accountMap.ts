import { GatewayError } from '../../errors/gatewayError.ts'
import type { GroupTotals } from '../../ports/readModel.ts'
import { sideOf } from '../positions/sideOf.ts'

/** What the bookkeeper calls an account of ours in an asset; undefined where that was not said. */
export type AccountMap = (path: string, assetCode: string) => string | undefined

const ROW = /^([a-z0-9_]+(?::[^=,@]*)?)(?:@([A-Za-z0-9._-]{1,20}))?=([A-Za-z0-9._ -]{1,30})$/
const SHOWN_MAX = 20

/**
 * Reads `party=1600,rail:bank@EUR=1201`: all accounts whose path is that or begins so, up to a colon, and in one asset alone where one is named. The longest
 * path counts, and of two the one with the asset. Throws `invalid_request` with the row that is none.
 */
export function readAccountMap(text: string): AccountMap {
  const known = new Map<string, string>()
  for (const row of text.split(',').filter((part) => part !== '')) {
    const [, path, asset = '', account] = ROW.exec(row) ?? []
    if (path === undefined || account === undefined) {
      throw new GatewayError('invalid_request', `accounts: "${row.slice(0, 80)}" is no row`, {
        hint: 'Write our account, and the bookkeeper’s behind "=": party=1600, or rail:bank@EUR=1201 in one asset.',
      })
    }
    const key = `${path}@${asset}`
    if (known.has(key))
      throw new GatewayError('invalid_request', `accounts: ${path}${asset && `@${asset}`} is there twice`, { hint: 'Leave one out.' })
    known.set(key, account.trim())
  }
  return (path, assetCode) => {
    for (let part = path; ; part = part.slice(0, part.lastIndexOf(':'))) {
      const found = known.get(`${part}@${assetCode}`) ?? known.get(`${part}@`)
      if (found !== undefined || !part.includes(':')) return found
    }
  }
}

/** Refuses a map that lacks accounts which have ever moved money, by their names, before anything is written. */
export function requireMapped(map: AccountMap, groups: readonly GroupTotals[]): void {
  const lacking = groups
    .filter(
      ({ group, debits, credits, asset }) => sideOf(group) !== 'counted' && debits + credits > 0n && map(group, asset.code) === undefined,
    )
    .map(({ group, asset }) => `${group} (${asset.code})`)
  if (lacking.length === 0) return
  const more = lacking.length > SHOWN_MAX ? `, and ${lacking.length - SHOWN_MAX} more` : ''
  throw new GatewayError('invalid_request', `accounts: nothing is said of ${lacking.slice(0, SHOWN_MAX).join(', ')}${more}`, {
    hint: 'Add a row for each, such as party=1600. Without accounts, all have their own names.',
  })
}
