import type { Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { EvmRailName } from '../../gateway/ports/railName.ts'
import type { Authorization, Collector, Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { Spending, SpendingView } from '../../gateway/ports/spendingView.ts'

export type PursesChain = ReturnType<typeof pursesChain>

/** A chain as far as paid requests see one: what payers have, nonces that are used once, and a stream of what was collected. */
export function pursesChain(rail: EvmRailName, asset: Asset) {
  const purses = new Map<string, bigint>()
  /** What Permit2 may take of a purse. */
  const allowed = new Map<string, bigint>()
  const spent = new Set<string>()
  const arrived: Settlement[] = []
  let wake = (): void => {}
  let [stopped, collected, silent] = [Promise.withResolvers<void>(), 0, false]
  stopped.resolve()

  const chain: Collector & Receiver & SpendingView = {
    rail,
    asset,
    offer: () => Promise.reject(new Error('nothing is offered here')),
    async collect(_, { kind, from, nonce, value }: Authorization) {
      await stopped.promise
      const id = `${from} ${nonce}`
      if (spent.has(id)) return { kind: 'failed', reason: 'already_used' }
      const has = purses.get(from) ?? 0n
      const may = kind === 'permit2' ? (allowed.get(from) ?? 0n) : has
      if (has < value || may < value) return { kind: 'failed', reason: 'insufficient_liquidity' }
      if (kind === 'permit2') allowed.set(from, may - value)
      spent.add(id)
      purses.set(from, has - value)
      collected += 1
      arrived.push({
        kind: 'received',
        id,
        cursor: `${arrived.length + 1}`,
        rail,
        place: 'receiver',
        amount: money(asset, value),
        at: 0,
        reference: `auth:${from}:${nonce}`,
      })
      wake()
      return { kind: 'settled', evidence: { rail, id, at: 0 }, fee: money(asset, 0n) }
    },
    lookupCollection: async () => ({ kind: 'failed', reason: 'never_sent' }),
    useOf: async () => ({ kind: 'otherwise' }),
    async spending({ kind, from, nonce }): Promise<Spending | undefined> {
      if (views.silent) return undefined
      const seen = { balance: purses.get(from) ?? 0n, hasCode: views.withCode.has(from), nonceUsed: spent.has(`${from} ${nonce}`) }
      if (views.drains) purses.delete(from)
      return kind === 'permit2' ? { ...seen, allowance: allowed.get(from) ?? 0n } : seen
    },
    async *settlements(after, { signal }) {
      signal.addEventListener('abort', () => wake(), { once: true })
      for (let next = arrived.findIndex(({ cursor }) => cursor === after) + 1; !signal.aborted; ) {
        if (next < arrived.length && !silent) yield arrived[next++]!
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
  /** `drains`: who was looked at takes its money away at once. `silent`: the chain does not say. */
  const views = { drains: false, silent: false, withCode: new Set<string>() }
  return Object.assign(chain, {
    rail,
    views,
    fill: (payer: string, units: bigint) => void purses.set(payer, units),
    allow: (payer: string, units: bigint) => void allowed.set(payer, units),
    spend: (payer: string, nonce: string) => void spent.add(`${payer} ${nonce}`),
    collected: () => collected,
    /** From now on nothing is mined, until it is again. */
    stop(): void {
      stopped = Promise.withResolvers()
    },
    goOn: (): void => stopped.resolve(),
    /** From now on what it has taken is told to nobody, until `tell`. */
    tellLater(): void {
      silent = true
    },
    tell(): void {
      silent = false
      wake()
    },
  })
}
