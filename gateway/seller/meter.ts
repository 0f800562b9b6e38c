import { GatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { min } from '../money/integers.ts'
import { type Money, money, parseAmount } from '../money/money.ts'
import type { Price } from './price.ts'

/** What the work of one request has used of the maximum that its payer has promised, in USD. */
export type Meter = Readonly<{
  /** Counts what was used, and answers what is left. What goes beyond the maximum is not paid: work in steps stops when nothing is left. */
  add(used: Money | Price): Money
  /** What is charged for, never above the maximum. */
  spent(): Money
  left(): Money
}>

/**
 * A meter as its route runs it. While an answer goes out, `tell` makes all that was used so far durable (or secures it in another way), one word at a time, and
 * nothing more is given while a step or more is used beyond that.
 */
export type RunningMeter = Readonly<{
  meter: Meter
  /** `told` was secured already. */
  tellBy: (tell: (used: Money) => Promise<void>, told: Money) => void
  /** A step or more was used and not told. */
  owes: () => boolean
  /** Resolves once less than a step is owed. Throws what `tell` threw, or what the meter was cut off with. */
  covered: () => Promise<void>
  /** Counts nothing more, and answers what was used. */
  end: () => Money
  /** The same, and nothing more is given. */
  cut: (error: Error) => Money
}>

/** A meter up to `most` in steps of `step`, units of USD. */
export function createMeter({ most, step }: Readonly<{ most: bigint; step: bigint }>): RunningMeter {
  let [used, told, ended] = [0n, 0n, false]
  let broken: Readonly<{ error: unknown }> | undefined
  let tell: ((used: Money) => Promise<void>) | undefined
  let telling: Promise<void> | undefined
  const spent = () => min(used, most)
  const left = () => money(USD, ended ? 0n : most - spent())
  const owes = () => tell !== undefined && !ended && spent() - told >= step

  /** Half a step is told already, so that who gives seldom waits. */
  function send(): void {
    const now = spent()
    if (!tell || telling || broken || ended || (now - told) * 2n < step) return
    telling = tell(money(USD, now)).then(
      () => {
        told = now
        telling = undefined
        send()
      },
      (error: unknown) => {
        broken = { error }
      },
    )
  }

  function end(): Money {
    ended = true
    return money(USD, spent())
  }

  return {
    meter: {
      add(more) {
        const units = unitsOf(more)
        if (units < 0n) throw new GatewayError('invalid_amount', 'What was used is not less than nothing')
        if (!ended) used += units
        send()
        return left()
      },
      spent: () => money(USD, spent()),
      left,
    },
    tellBy(by, before) {
      tell = by
      told = before.units
      send()
    },
    owes,
    async covered() {
      while (!broken && owes()) {
        send()
        await telling
      }
      if (broken) throw broken.error
    },
    end,
    cut(error) {
      broken ??= { error }
      return end()
    },
  }
}

function unitsOf(amount: Money | Price): bigint {
  if ('units' in amount) {
    if (amount.asset.id !== USD.id) throw new GatewayError('invalid_amount', `A meter counts USD, and not ${amount.asset.id}`)
    // A handler without types can say anything, and a text would be put behind the number.
    if (typeof amount.units !== 'bigint') throw new GatewayError('invalid_amount', 'Units are a bigint')
    return amount.units
  }
  if (amount.asset !== USD.code) throw new GatewayError('invalid_amount', `A meter counts USD, and not ${amount.asset}`)
  return parseAmount(amount.amount, USD).units
}
