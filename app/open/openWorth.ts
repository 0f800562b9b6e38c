import type { WorthThen } from '../../gateway/audit/statements/worth.ts'
import type { ReadModel } from '../../gateway/ports/readModel.ts'
import { createWorthThen } from '../../gateway/treasury/positions/worthThen.ts'
import { recordedRates } from '../../gateway/treasury/rates/recordedRates.ts'
import type { OpenedRates } from './openRates.ts'

type Market = Pick<OpenedRates, 'live' | 'rates' | 'reference' | 'valuation'>

/** What amounts were worth: by the rates that the journal has where there is a market, else by the constants of the configuration. */
export function openWorth({ live, rates, reference, valuation }: Market, reads: Pick<ReadModel, 'newestBetween'>): WorthThen {
  const past = live ? { recorded: recordedRates(reads) } : { constants: rates }
  return createWorthThen({ currency: valuation.currency, past, reference })
}
