import { z } from 'zod'
import { feedsConfig } from './feedConfig.ts'

/** Exchanges that are asked for prices, each by its public interface. */
export const PRICE_SOURCES = ['kraken', 'coinbase', 'bitstamp', 'gemini'] as const

export type PriceSourceName = (typeof PRICE_SOURCES)[number]

/** Two cannot say which of them is wrong, so that one that fails or lies would leave none; and every asset needs two. */
const SOURCES_MIN = 3

const address = z.url({ protocol: /^https?$/ }).optional()

/** Where prices come from; what is left out is as `gateway/treasury/rates/policy.ts` and the exchanges say. */
export const ratesConfig = z.strictObject({
  sources: z
    .array(z.enum(PRICE_SOURCES))
    .min(SOURCES_MIN)
    .max(PRICE_SOURCES.length)
    .refine((names) => new Set(names).size === names.length, 'each exchange once')
    .default([...PRICE_SOURCES]),
  /** So often they are asked, in seconds. */
  everyS: z.int().min(5).max(60).default(15),
  /** A price that is older is not used, in seconds. */
  ageS: z.int().min(120).max(900).default(180),
  /** Where an exchange is reached in place of its own address: through a proxy of the operator's. */
  urls: z.strictObject({ kraken: address, coinbase: address, bitstamp: address, gemini: address }).optional(),
  /** Books are valued in currencies by the reference rates of the European Central Bank; `url` is another place where its files are had. */
  ecb: z.strictObject({ url: address }).optional(),
  /** Feeds on a chain of `evm`, asked through its nodes: one more voice beside the exchanges. */
  chainlink: feedsConfig.extend({ chainId: z.int().positive() }).optional(),
})

export type RatesConfig = z.infer<typeof ratesConfig>
