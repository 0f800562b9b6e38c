import { createHash } from 'node:crypto'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { HeldPayment, HoldInvoices, HoldRequest, HoldState } from '../../gateway/ports/holdInvoices.ts'
import type { Receiver, Settlement } from '../../gateway/ports/receiver.ts'

/** How the node answers `settle` and `cancel`: it does it and says so; does it and says nothing; or does nothing and says nothing, so many times first. */
export type Answers = Readonly<{ kind: 'plainly' } | { kind: 'silently' } | { kind: 'deaf'; times: number }>

type Hold = { request: HoldRequest; state: 'open' | 'held' | 'settled' | 'cancelled'; units: bigint; decideBy: number }

export type FakeHolder = HoldInvoices & {
  readonly receiver: Receiver
  readonly settlements: Settlement[]
  answers: Answers
  pay(hash: string, o: { decideBy: number; units?: bigint }): void
  /** The node reports a payment under this hash, though it should not. */
  stray(hash: string, units: bigint): void
  /** The node's own deadline passed. */
  giveBack(hash: string): void
  stateOf(hash: string): Hold['state'] | undefined
  moveDeadline(hash: string, decideBy: number): void
  holds(): Hold[]
}

/** A node that holds, as a world sees it from outside: it remembers, whatever becomes of the gateway. */
export function fakeHolder(): FakeHolder {
  const table = new Map<string, Hold>()
  const settlements: Settlement[] = []
  const wakes: (() => void)[] = []
  const wake = () => {
    for (const w of wakes.splice(0)) w()
  }
  const news = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve()
      wakes.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  const plain = (hash: string): HoldState => {
    const hold = table.get(hash)
    if (!hold) return { kind: 'absent' }
    const amount = money(BTC, hold.units)
    if (hold.state === 'held') return { kind: 'held', amount, heldAt: 1, decideBy: hold.decideBy }
    return hold.state === 'settled' ? { kind: 'settled', amount, at: 1 } : { kind: hold.state }
  }
  const unknown: HoldState = { kind: 'unknown', checkAfterMs: 1, detail: 'the node says nothing' }

  function order(hash: string, work: (hold: Hold) => void): HoldState {
    const { answers } = node
    if (answers.kind === 'deaf' && answers.times > 0) {
      node.answers = { kind: 'deaf', times: answers.times - 1 }
      return unknown
    }
    const hold = table.get(hash)
    if (hold) work(hold)
    wake()
    return answers.kind === 'silently' ? unknown : plain(hash)
  }

  function report(hash: string, units: bigint): void {
    const [cursor, amount] = [String(settlements.length + 1), money(BTC, units)]
    settlements.push({ kind: 'received', id: hash, cursor, rail: 'lightning', place: 'node', amount, at: 1, reference: hash })
    wake()
  }

  const node: FakeHolder = {
    rail: 'lightning',
    asset: BTC,
    answers: { kind: 'plainly' },
    settlements,
    async hold(request) {
      const known = table.get(request.hash)
      if (known && known.request.amount.units !== request.amount.units) throw new GatewayError('idempotency_key_reused', 'other terms')
      if (!known) table.set(request.hash, { request, state: 'open', units: 0n, decideBy: 0 })
      const { hash, amount, expiresAt } = request
      return { hash, amount, expiresAt, invoice: `lnfake${hash}`, network: 'regtest' }
    },
    async *held({ signal }): AsyncGenerator<HeldPayment> {
      while (!signal.aborted) {
        for (const [hash, { state, units, decideBy }] of table) {
          if (state === 'held') yield { hash, amount: money(BTC, units), heldAt: 1, decideBy }
        }
        await news(signal)
      }
    },
    async settle(hash, preimage) {
      if (createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex') !== hash) throw new Error('another preimage')
      return order(hash, (hold) => {
        if (hold.state !== 'held') return
        hold.state = 'settled'
        report(hash, hold.units)
      })
    },
    cancel: async (hash) =>
      order(hash, (hold) => {
        if (hold.state === 'held' || hold.state === 'open') hold.state = 'cancelled'
      }),
    lookup: async (hash) => plain(hash),
    receiver: {
      rail: 'lightning',
      asset: BTC,
      offer: () => Promise.reject(new GatewayError('rail_unavailable', 'this node only holds')),
      async *settlements(after, { signal }) {
        let seen = after === '' ? 0 : Number.parseInt(after, 10)
        while (!signal.aborted) {
          for (; seen < settlements.length; seen++) yield settlements[seen]!
          await news(signal)
        }
      },
    },
    pay(hash, { decideBy, units }) {
      const hold = table.get(hash)!
      if (hold.state !== 'open') throw new Error(`the invoice is ${hold.state}`)
      Object.assign(hold, { state: 'held', units: units ?? hold.request.amount.units, decideBy })
      wake()
    },
    stray: report,
    giveBack(hash) {
      const hold = table.get(hash)
      if (hold?.state === 'held') hold.state = 'cancelled'
    },
    stateOf: (hash) => table.get(hash)?.state,
    moveDeadline(hash, decideBy) {
      table.get(hash)!.decideBy = decideBy
    },
    holds: () => [...table.values()],
  }
  return node
}
