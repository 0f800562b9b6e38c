import type { WorthThen } from '../../audit/statements/worth.ts'
import { GatewayError, whereAvailable } from '../../errors/gatewayError.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { money, mulDiv } from '../../money/money.ts'
import type { RatesRead } from '../../ports/rates.ts'
import type { RateThen } from '../rates/recordedRates.ts'
import type { ReferenceBook } from '../rates/referenceBook.ts'
import { booksRates } from './booksRates.ts'

/** `recorded`: rates that were written, where there is a market; else `constants`, of which nobody knows since when they stand. */
type Past = Readonly<{ recorded: RateThen } | { constants: RatesRead }>
type Parts = Readonly<{ currency: Asset; past: Past; reference: Pick<ReferenceBook, 'name' | 'on'> | undefined }>

/**
 * What an amount was worth, in the reporting currency, rounded towards zero: between currencies by the authority's word of the day, everything else by the last
 * rate that was written before it. Nothing is made up where there is none.
 */
export function createWorthThen({ currency, past, reference }: Parts): WorthThen {
  const marketAt = (at: number): RatesRead => {
    if ('constants' in past) return past.constants
    return {
      peek(from, to) {
        const rate = past.recorded(from, to, at)
        if (!rate) throw new GatewayError('rate_unavailable', `No rate from ${from.code} to ${to.code} was written before ${at}`)
        return rate
      },
    }
  }
  return ({ asset, units }, at) => {
    if (sameAsset(asset, currency)) return { value: money(currency, units), source: 'the same currency', observedAt: undefined }
    const day = reference?.on(new Date(at).toISOString().slice(0, 10))
    const rates = booksRates(marketAt(at), reference && day && { source: reference.name, day })
    const rate = whereAvailable(() => rates.peek(asset, currency))
    if (!rate) return undefined
    const { num, den, source, observedAt } = rate
    const value = units < 0n ? -mulDiv(-units, num, den, 'down') : mulDiv(units, num, den, 'down')
    return { value: money(currency, value), source, observedAt: 'constants' in past ? undefined : observedAt }
  }
}
