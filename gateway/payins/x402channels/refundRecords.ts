import type { Books, Fact } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { readX402ChannelFact, type X402RefundingData } from './facts.ts'

/** The newest refund of a channel. `ended`: its outcome, once it is known. */
export type ChannelRefund = Readonly<{
  id: string
  rail: EvmRailName
  channel: Hex
  sum: bigint
  units: bigint
  asked: bigint | undefined
  nonce: bigint
  ended: Readonly<{ outcome: 'settled' | 'failed'; transaction: Hex | '' }> | undefined
}>

/** Refunds of one chain that began on one day (UTC), and how many of them had not earned their gas. */
type Day = Readonly<{ day: number; all: number; unearned: number }>

const DAY_MS = 86_400_000

export type RefundRecords = ReturnType<typeof createRefundRecords>

/** The refunds of x402's channels, from the facts: the newest of each channel, and how many there were today. */
export function createRefundRecords(books: Pick<Books, 'remember'>) {
  const newest = new Map<string, ChannelRefund>()
  const days = new Map<string, Day>()
  books.remember({ name: 'x402.refunds', form: 1, tables: { newest, days }, apply })

  function apply(fact: Fact): void {
    const known = readX402ChannelFact(fact)
    if (known?.type === 'x402.refunding') begin(known.id, known.data, known.at)
    if (known?.type !== 'x402.refunded') return
    const key = keyOf(known.data)
    const standing = newest.get(key)
    const { outcome, transaction } = known.data
    if (standing?.id === known.id) newest.set(key, { ...standing, ended: { outcome, transaction } })
  }

  function begin(id: string, data: X402RefundingData, at: number): void {
    const { rail, channel, sum, units, asked, nonce, isEarned } = data
    const numbers = { sum: BigInt(sum), units: BigInt(units), asked: asked === undefined ? undefined : BigInt(asked), nonce: BigInt(nonce) }
    newest.set(keyOf(data), { id, rail, channel, ...numbers, ended: undefined })
    const today = countOf(rail, at)
    days.set(rail, { day: today.day, all: today.all + 1, unearned: today.unearned + (isEarned ? 0 : 1) })
  }

  /** Of the day of `at` (ms). */
  function countOf(rail: string, at: number): Day {
    const day = Math.floor(at / DAY_MS) // not money: a day
    const known = days.get(rail)
    return known?.day === day ? known : { day, all: 0, unearned: 0 }
  }

  return {
    of: (channel: Readonly<{ rail: string; channel: string }>): ChannelRefund | undefined => newest.get(keyOf(channel)),
    /** Whose outcome is not known. */
    open: (): readonly ChannelRefund[] => [...newest.values()].filter(({ ended }) => !ended),
    countOf,
  }
}

function keyOf({ rail, channel }: Readonly<{ rail: string; channel: string }>): string {
  return `${rail} ${channel.toLowerCase()}`
}
