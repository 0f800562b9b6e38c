import type { Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { Settlement } from '../../ports/receiver.ts'
import { settlementId } from './settlementId.ts'

/** Where a settlement stands on its chain. Older ones do not say which block it is by its hash. */
type ChainEvidence = Readonly<{ transaction: Hex; block: string; blockHash: Hex | undefined }>

/** A settlement by its id over all rails, and the place in the rail's stream where it came; '' where that is not known. */
type Booked = Readonly<{ id: string; rail: RailName; cursor: string }>

/** `<rail>:received:<transaction>:<log>[.<part>]:<hash of its block>`, as the rail of a chain names a settlement. */
const ID = /:(0x[0-9a-f]{64}):[0-9.]+(?::(0x[0-9a-f]{64}))?$/i

/** Where the chain has what was booked; undefined for other rails. It is read off the id and the cursor, so that it is known of every journal. */
export function chainEvidence({ id, rail, cursor }: Booked): ChainEvidence | undefined {
  const [, transaction, blockHash] = railKind(rail) === 'evm' ? (ID.exec(id) ?? []) : []
  if (transaction === undefined) return undefined
  return { transaction: transaction as Hex, block: cursor.split(':')[0]!, blockHash: blockHash as Hex | undefined } // The pattern is of hex.
}

/** The same of a settlement that is being booked, as a receipt names it. */
export function transactionOf(s: Pick<Settlement, 'rail' | 'kind' | 'id' | 'cursor'>): Readonly<{ transaction?: Hex; block?: string }> {
  const chain = chainEvidence({ id: settlementId(s), rail: s.rail, cursor: s.cursor })
  return chain ? { transaction: chain.transaction, block: chain.block } : {}
}
