import { type NanoUsd, routerPolicy } from '../../gateway/costs/policy.ts'
import { chooseRegime } from '../../gateway/payins/regime/chooseRegime.ts'
import { collectWhen, type HoldPolicy, type Pile } from '../../gateway/payins/regime/collectWhen.ts'
import { createReturns } from '../../gateway/payins/regime/returns.ts'
import type { Call, Market } from './market.ts'

/** Gas of docs/gas.md: x402-exact; transferMany of 1 and 100; openWithAuthorization; claimPacked of 1 and 100. */
export const GAS = {
  alone: 75_192n,
  beside: 33_804n,
  row: 45_982n,
  open: 107_713n,
  claimBeside: 31_797n,
  claimRow: 11_181n,
} as const

/** How long an authorization is held at most, and what collecting may cost of what it brings. */
export const HOLD: HoldPolicy = { ...routerPolicy, shareMaxPpm: 100_000n, holdMs: 180_000 }
/** As `claimRounds`: vouchers gather for ten minutes, and are claimed when they are worth a hundred times their gas. */
const CLAIM = { gatherMs: 600_000, valueOverCost: 100n }
/** How often what waits is looked at. */
const LOOK_MS = 1_000
const PER = 1_000n
/** As `regimesOf`: how many go together, and how many vouchers gather. */
const COMPANY = 10n
const GATHERED = 10n

export type Regime = 'exact' | 'held' | 'channel'
/** Which regime a call is settled by. `price`: nano-USD for a thousand gas. */
export type Rule = (call: Call, o: Readonly<{ speaksChannel: boolean; price: bigint }>) => Regime

/** What a rule pays for gas, in nano-USD, and how many transactions and payments of each kind that was. `claimBeside`: for claims beside their rows. */
export type Settled = { nano: NanoUsd; claimBeside: NanoUsd; alone: number; batches: number; rows: number; opened: number; claims: number }

/** Settles a market by a rule. `patient`: what is held is collected by the gateway's own rule, and else when its time is over. */
export function settle(market: Market, rule: Rule, o: Readonly<{ patient: boolean }>): Settled {
  const sum: Settled = { nano: 0n, claimBeside: 0n, alone: 0, batches: 0, rows: 0, opened: 0, claims: 0 }
  const pay = (gas: bigint, at: number) => {
    sum.nano += (gas * market.gasPrice(at)) / PER
  }
  const held = heldPile({ market, sum, pay, patient: o.patient })
  const channels = openChannels({ market, sum, pay })
  for (const call of market.calls) {
    held.until(call.at)
    channels.until(call.at)
    const regime = rule(call, { speaksChannel: market.speaksChannel[call.pair]!, price: market.gasPrice(call.at) })
    if (regime === 'held') held.add(call)
    else if (regime === 'channel') channels.pay(call)
    else {
      sum.alone += 1
      pay(GAS.alone, call.at)
    }
  }
  held.until(Number.POSITIVE_INFINITY)
  channels.close(market.endsAt)
  return sum
}

type Parts = Readonly<{ market: Market; sum: Settled; pay: (gas: bigint, at: number) => void }>

function heldPile({ market, sum, pay, patient }: Parts & Readonly<{ patient: boolean }>) {
  let pile: Pile | undefined
  let lookAt = 0

  function isDue(waiting: Pile, now: number): boolean {
    if (!patient) return now >= waiting.endsAt
    const price = market.gasPrice(now)
    const cost = { beside: (GAS.beside * price) / PER, row: (GAS.row * price) / PER }
    return collectWhen(waiting, cost, { ...HOLD, now }).collect
  }

  function collect({ rows }: Pile, at: number): void {
    if (rows === 1) sum.alone += 1
    else sum.batches += 1
    sum.rows += rows
    pay(rows === 1 ? GAS.alone : GAS.beside + GAS.row * BigInt(rows), at)
    pile = undefined
  }

  return {
    until(now: number): void {
      for (; pile && lookAt <= now; lookAt += LOOK_MS) if (isDue(pile, lookAt)) collect(pile, lookAt)
    },
    add({ at, price }: Call): void {
      const before = pile ?? { rows: 0, worth: 0n, since: 0, worthSince: 0n, oldest: at, endsAt: at + HOLD.holdMs }
      if (!pile) lookAt = at + LOOK_MS
      const { rows, worth, since, worthSince, oldest, endsAt } = before
      const at_ = BigInt(at)
      pile = { rows: rows + 1, worth: worth + price, since: since + at, worthSince: worthSince + price * at_, oldest, endsAt }
      if (patient && isDue(pile, at)) collect(pile, at)
    },
  }
}

/** Channels by payer and route, claimed a route at a time: each route is a split of its own. */
function openChannels({ market, sum, pay }: Parts) {
  const open = new Set<number>()
  const gathered = new Map<number, Map<number, Readonly<{ nano: NanoUsd; since: number }>>>()
  let lookAt = 0

  function claim(route: number, now: number, atAnyPrice: boolean): void {
    const waiting = [...(gathered.get(route)?.values() ?? [])]
    const gas = GAS.claimBeside + GAS.claimRow * BigInt(waiting.length)
    const worth = waiting.reduce((all, { nano }) => all + nano, 0n)
    const isWorth = worth >= ((gas * market.gasPrice(now)) / PER) * CLAIM.valueOverCost
    if (!atAnyPrice && !(isWorth && waiting.some(({ since }) => now - since >= CLAIM.gatherMs))) return
    pay(gas, now)
    sum.claims += waiting.length
    sum.claimBeside += (GAS.claimBeside * market.gasPrice(now)) / PER
    gathered.delete(route)
  }

  return {
    pay({ at, pair, route, price }: Call): void {
      if (!open.has(pair)) {
        open.add(pair)
        sum.opened += 1
        pay(GAS.open, at)
      }
      const own = gathered.get(route) ?? new Map<number, Readonly<{ nano: NanoUsd; since: number }>>()
      const { nano, since } = own.get(pair) ?? { nano: 0n, since: at }
      gathered.set(route, own.set(pair, { nano: nano + price, since }))
    },
    until(now: number): void {
      for (; lookAt <= now; lookAt += CLAIM.gatherMs / 2) for (const route of [...gathered.keys()]) claim(route, lookAt, false)
    },
    close(now: number): void {
      this.until(now)
      for (const route of [...gathered.keys()]) claim(route, now, true)
    },
  }
}

/** The gateway's own rule: what it offers first to this payer now, taken by clients that can. Fresh for every market. */
export function ours(): Rule {
  const returns = createReturns()
  return ({ pair, route }, { speaksChannel, price }) => {
    const nano = (gas: bigint) => (gas * price) / PER
    const channel = { name: 'channel' as const, opens: nano(GAS.open), each: nano(GAS.claimBeside + GAS.claimRow) / GATHERED }
    const offered = [{ name: 'held' as const, opens: 0n, each: nano(GAS.row + GAS.beside / COMPANY) }, ...(speaksChannel ? [channel] : [])]
    const known = returns.of(`${route}`, `${pair}`)
    returns.note(`${route}`, `${pair}`)
    return chooseRegime(offered, known).order[0]!
  }
}
