import { readRatio } from '../../gateway/money/ratio.ts'
import type { Reading } from './exchange.ts'

type Said = Readonly<{ bid: string; ask: string; saidAt?: number | undefined }>

/** A price of the words of an exchange. They are texts: a number of JSON would have gone through a float. */
export function readPrice({ bid, ask, saidAt }: Said): Reading {
  const [low, high] = [readRatio(bid), readRatio(ask)]
  if (!low || !high) return { wrong: `bid ${bid.slice(0, 40)} and ask ${ask.slice(0, 40)} are no prices` }
  return { bid: low, ask: high, saidAt }
}

export const NO_TICKER: Reading = { wrong: 'what it says is no price' }
