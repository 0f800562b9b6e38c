import type { CollectionSights, Sight } from '../../../gateway/ports/collectionSights.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Header, Receipt } from '../node/wire.ts'
import type { ActionTable } from '../sending/actionTable.ts'
import type { TransactionTable } from '../sending/transactionTable.ts'
import { paymentIn } from './authorizationUse.ts'

type SightParts = Readonly<{
  /** What several endpoints say: one alone could say that anything was mined. */
  agreed: Chain
  token: Hex
  hub: Hex
  head: () => Header
  actions: Pick<ActionTable, 'get'>
  transactions: Pick<TransactionTable, 'signedFor'>
}>

/** Of the forms of a transaction, each with higher fees, the newest are asked about. */
const FORMS_ASKED_MAX = 8

/** Looks whether a collection is in a block. Those of one transaction, asked about at one head, cost one question. */
export function createSights(parts: SightParts): Pick<CollectionSights, 'sightOf'> {
  const { agreed, head, actions, transactions } = parts
  const receipts = createReceipts(agreed, head)

  return {
    async sightOf(id): Promise<Sight | undefined> {
      const hashes = transactions.signedFor(id)
      const newest = hashes.at(-1)
      const request = actions.get(id)?.request
      if (newest === undefined || request?.kind !== 'collection') return undefined
      for (const hash of hashes.slice(-FORMS_ASKED_MAX)) {
        const receipt = await receipts.of(hash)
        if (receipt?.status === '0x1' && paymentIn(receipt.logs, parts, request.authorization)) return { transaction: hash, mined: true }
      }
      return { transaction: newest, mined: false }
    },
  }
}

/** Receipts as they are at the newest head: another head is asked anew, because its blocks may be others. */
function createReceipts(agreed: Chain, head: () => Header) {
  let at: Hex | undefined
  const known = new Map<Hex, Promise<Receipt | null>>()

  async function asked(hash: Hex): Promise<Receipt | null> {
    const found = head().hash
    if (found !== at) known.clear()
    at = found
    const standing = known.get(hash) ?? agreed.receipt(hash)
    known.set(hash, standing)
    return standing
  }

  return {
    async of(hash: Hex): Promise<Receipt | null> {
      try {
        return await asked(hash)
      } catch (error) {
        if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
        known.delete(hash)
        return null
      }
    },
  }
}
