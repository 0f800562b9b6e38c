import type { Money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type EvmRailName, evmRail } from '../../gateway/ports/railName.ts'
import type { CodeWord, Collector, Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { SpendingView } from '../../gateway/ports/spendingView.ts'

export type StubbedRailOptions = Readonly<{ chainId: number; token: Hex; payTo: Hex; asset: Money['asset']; reports: boolean }>

/** What a collection leaves for the stream of settlements. */
type Collected = Pick<Settlement, 'id' | 'amount' | 'reference' | 'splitId'>

/**
 * A stub of settlement, and of nothing else: the evm rail without a chain. Terms are constants, all payers have money, and every authorization counts as
 * collected at once. With `reports` its stream says so, as the chain's does, and the gateway books each arrival; without, nobody hears of it again.
 */
export function stubbedRail(
  options: StubbedRailOptions,
): Receiver & Collector & SpendingView & Readonly<{ rail: EvmRailName; askCode: () => Promise<CodeWord> }> {
  const { chainId, token, payTo, asset, reports } = options
  const rail = evmRail(chainId)
  const settled = { kind: 'settled', evidence: { rail, id: 'stub', at: 0 }, fee: { asset, units: 0n } } as const
  let collected: Collected[] = []
  let wake: () => void = () => undefined

  return {
    rail,
    asset,
    async offer({ amount, ref, expiresAt, splitId = '0x' }) {
      const names = { tokenName: 'USD Coin', tokenVersion: '2' }
      const wire = { kind: 'evm', chainId, token, ...names, hub: payTo, splitId, ref, payTo } as const
      return { rail, amount, expiresAt, reference: ref, wire }
    },
    async collect(id, a) {
      if (reports) {
        const amount = { asset, units: a.value }
        collected.push({ id, amount, reference: `auth:${a.from}:${a.nonce}`, ...(a.splitId ? { splitId: a.splitId } : {}) })
        wake()
      }
      return settled
    },
    lookupCollection: async () => settled,
    // No payer has code, so only a key's own signature counts.
    askCode: async () => 'no',
    spending: async () => ({ balance: 10n ** 12n, hasCode: false, nonceUsed: false }),
    useOf: async () => ({ kind: 'otherwise' }),
    async *settlements(_, { signal }) {
      signal.addEventListener('abort', () => wake(), { once: true })
      while (!signal.aborted) {
        const batch = collected
        collected = []
        for (const arrival of batch) {
          yield { kind: 'received', cursor: arrival.id, rail, place: 'receiver', at: Date.now(), ...arrival }
        }
        if (collected.length > 0) continue
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
