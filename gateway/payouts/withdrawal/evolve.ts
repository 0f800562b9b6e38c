import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { WithdrawalFact } from './facts.ts'
import type { Withdrawal } from './withdrawal.ts'

/** The withdrawal after one more fact about it. `assetOf` knows the asset of the wallet by its id. */
export function evolve(known: Withdrawal | undefined, fact: WithdrawalFact, assetOf: (id: string) => Asset): Withdrawal {
  if (fact.type === 'withdrawal.begun') return begun(fact, assetOf)
  invariant(known, `${fact.type} ${fact.id} speaks of a withdrawal that was not begun`)
  if (fact.type === 'withdrawal.settled') return { ...known, status: 'settled', transaction: fact.data.transaction, endedAt: fact.at }
  return { ...known, status: 'failed', detail: fact.data.detail, endedAt: fact.at }
}

function begun({ id, at, data }: WithdrawalFact & { type: 'withdrawal.begun' }, assetOf: (id: string) => Asset): Withdrawal {
  const { rail, place, entry, address, inputs, metadata } = data
  const asset = assetOf(data.asset)
  const plan = { address, amount: money(asset, BigInt(data.units)), fee: money(asset, BigInt(data.fee)), inputs }
  const ended = { transaction: undefined, detail: undefined, createdAt: at, endedAt: undefined }
  return { id, rail, place, plan, entry, ...saidMetadata(metadata), status: 'begun', ...ended }
}
