import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { localState } from '../../../world/localState.ts'
import { type LedgerFiles, ledgerFiles } from './ledgerFiles.ts'

/** Which books are meant, and how they are printed: the options of every part of `switchyard ledger`. */
export type LedgerAsked = Readonly<{ data?: string | undefined; journal?: string | undefined; json?: boolean | undefined }>

const LIMIT_MAX = 100_000
const NS_PER_MS = 1_000_000n

/**
 * The books: of the folder `data`, SWITCHYARD_DATA, or that of the local network. A journal in PostgreSQL is `journal` or SWITCHYARD_JOURNAL_URL, and
 * only counts beside a folder that was named.
 */
export function whichBooks({ data, journal }: LedgerAsked): LedgerFiles {
  const dataDir = data ?? process.env.SWITCHYARD_DATA
  return dataDir === undefined ? localFiles() : ledgerFiles(dataDir, journal ?? process.env.SWITCHYARD_JOURNAL_URL)
}

/** Nobody named a folder: the local network's, which is only missed where one is needed. */
function localFiles(): LedgerFiles {
  const files = () => ledgerFiles(localState().dataDir)
  return {
    reads: () => files().reads(),
    journal: () => files().journal(),
    anchor: () => files().anchor(),
    checkpoints: () => files().checkpoints(),
  }
}

/** A past time in nanoseconds. */
export function timeOf(text: string): bigint {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new GatewayError('invalid_request', `${text} is not a time`, { hint: 'Write it as 2026-11-21T15:00:00Z.' })
  return BigInt(ms) * NS_PER_MS
}

/** How many are shown. */
export function limitOf(text: string): number {
  const limit = /^[1-9][0-9]{0,5}$/.test(text) ? Number.parseInt(text, 10) : 0
  if (limit === 0 || limit > LIMIT_MAX)
    throw new GatewayError('invalid_request', `--limit is a whole number up to ${LIMIT_MAX}, not ${text}`)
  return limit
}
