import { createHash } from 'node:crypto'
import type { ChainSource } from './chainSource.ts'

/** Refused transactions remembered; the one told first is forgotten first. */
const TOLD_MAX = 1_000

/** Sends transactions to the chain. One that is refused is sent again by LDK and by the sweeps with every block, and told once. */
export function transactionSender(chain: ChainSource, log: (line: string) => void): (txs: readonly Uint8Array[]) => void {
  const told = new Set<string>()
  const refused = (tx: Uint8Array, error: unknown) => {
    const name = createHash('sha256').update(tx).digest('hex')
    if (told.has(name)) return
    const [oldest] = told
    if (told.size >= TOLD_MAX && oldest !== undefined) told.delete(oldest)
    told.add(name)
    log(`lightning: a transaction was not taken: ${error instanceof Error ? error.message : String(error)}`)
  }
  return (txs) => {
    for (const tx of txs) chain.broadcast(tx).catch((error: unknown) => refused(tx, error))
  }
}
