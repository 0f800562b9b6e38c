import { createHash } from 'node:crypto'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type Asset, BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { type EvmRailName, evmRail } from '../../gateway/ports/railName.ts'
import type { Authorization, Collector, OpenCollector, Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { SpendingView } from '../../gateway/ports/spendingView.ts'

/** Who collects maxima: an account of the gateway's. */
export const FACILITATOR: Hex = `0x${'fa'.repeat(20)}`

type Asked = { readonly asked: string[] }

/** The rail, writing down the name of each of its functions that is called. */
function counted<T extends object>(rail: T): T & Asked {
  const asked: string[] = []
  return new Proxy(Object.assign(rail, { asked }), {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...params: unknown[]) => {
        asked.push(String(name))
        return Reflect.apply(value, target, params)
      }
    },
  })
}

/** `turns`: how many turns of the event loop the node takes for an invoice, one after the other; with `Infinity` it makes none until that changes. */
export type CountedLightning = Receiver &
  Asked &
  Readonly<{ pay: (paymentHash: string, moreMsat?: bigint) => string; slow: (turns: number) => void }>

/** A Lightning node whose invoices are paid by a word: `pay` answers the preimage, and the node reports what came, which may be more than was asked. */
export function countedLightning(): CountedLightning {
  const made = new Map<string, { preimage: string; settlement: Omit<Settlement, 'cursor'> }>()
  const arrived: Settlement[] = []
  let wake = (): void => {}
  let turns = 0
  let before = Promise.resolve()
  /** Resolves when it is the turn of an invoice. */
  const myTurn = (): Promise<void> => {
    before = before.then(async () => {
      for (let turn = 0; turn < turns; turn++) await (turns === Number.POSITIVE_INFINITY ? sleep(5) : setImmediate())
    })
    return before
  }
  return counted({
    rail: 'lightning' as const,
    asset: BTC,
    slow(of: number) {
      turns = of
    },
    async offer({ amount, expiresAt }: Parameters<Receiver['offer']>[0]) {
      if (turns > 0) await myTurn()
      const preimage = (made.size + 1).toString(16).padStart(64, '0')
      const id = createHash('sha256').update(preimage, 'hex').digest('hex')
      const settlement = { kind: 'received', id, reference: id, rail: 'lightning', place: 'node', amount, at: 0 } as const
      made.set(id, { preimage, settlement })
      const wire = { kind: 'bolt11', invoice: `lnbcrt${id}`, paymentHash: id, network: 'regtest' } as const
      return { rail: 'lightning', amount, expiresAt, reference: id, wire } as const
    },
    async *settlements(_: string, { signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => wake(), { once: true })
      for (let next = 0; !signal.aborted; ) {
        if (next < arrived.length) yield arrived[next++]!
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
    pay(paymentHash: string, moreMsat = 0n) {
      const { preimage, settlement } = made.get(paymentHash)!
      const amount = money(BTC, settlement.amount.units + moreMsat)
      arrived.push({ ...settlement, amount, cursor: String(arrived.length + 1) })
      wake()
      return preimage
    },
  })
}

export type CountedChain = Receiver &
  Collector &
  Pick<OpenCollector, 'askCode'> &
  SpendingView &
  Asked &
  Readonly<{
    rail: EvmRailName
    /** What collections come to from now on, also those under way. Until then they have no end. */
    says: (outcome: Outcome) => void
    /** The authorizations that were to be collected, in their order. */
    collected: readonly Authorization[]
    /** The stream of settlements tells this. */
    report: (settlement: Omit<Settlement, 'rail' | 'cursor' | 'at'>) => void
  }>

/** A chain that answers what a rail knows by heart, the terms of an offer and that payers have money, and else what it is told to. */
export function countedChain(o: { chainId: number; token: Hex; payTo: Hex; asset: Asset }): CountedChain {
  const { chainId, token, payTo, asset } = o
  const rail = evmRail(chainId)
  const collected: Authorization[] = []
  const reports: Settlement[] = []
  let wake = (): void => {}
  let outcome = Promise.withResolvers<Outcome>()
  return counted({
    rail,
    asset,
    async offer({ amount, ref, expiresAt, upto, splitId = '0x' }: Parameters<Receiver['offer']>[0]) {
      const names = { tokenName: 'USD Coin', tokenVersion: '2' }
      const how = upto ? { signed: ['upto'] as const, facilitator: FACILITATOR } : { signed: ['eip3009', 'permit2'] as const }
      const wire = { kind: 'evm', chainId, token, ...names, hub: payTo, splitId, ref, payTo, ...how } as const
      return { rail, amount, expiresAt, reference: ref, wire } as const
    },
    async *settlements(_: string, { signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => wake(), { once: true })
      for (let next = 0; !signal.aborted; ) {
        if (next < reports.length) yield reports[next++]!
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
    collect(_: string, authorization: Authorization) {
      collected.push(authorization)
      return outcome.promise
    },
    lookupCollection: () => outcome.promise,
    collected,
    says(said: Outcome) {
      outcome.resolve(said)
      outcome = Promise.withResolvers()
      outcome.resolve(said)
    },
    report(settlement: Omit<Settlement, 'rail' | 'cursor' | 'at'>) {
      const n = reports.length + 1
      reports.push({ rail, cursor: `${n}:0`, at: n, ...settlement })
      wake()
    },
    spending: async ({ kind }) => {
      const found = { balance: 10n ** 12n, hasCode: false, nonceUsed: false }
      return kind === 'permit2' || kind === 'upto' ? { ...found, allowance: 10n ** 12n } : found
    },
    useOf: async () => ({ kind: 'otherwise' }),
    askCode: async () => 'no_code',
  })
}
