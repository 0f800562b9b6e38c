/** Each kind of sale has a seller for itself. */
export const SELLERS = ['session', 'stream'] as const

export type SellerName = (typeof SELLERS)[number]

export const nameOfSeller = (name: SellerName): string => `shop of ${name}`

/** The file in the gateway's data folder that says of each run of a handler which request it was for, one line a run. */
export const RUNS = 'runs.log'

/** Of one request, in units of the token. */
export const PRICE_UNITS = 20_000n
/** What a part of the stream costs, and how much of it is paid for at a time. */
export const STREAM = { partUnits: 16_000n, stepUnits: 40_000n, mostUnits: 240_000n } as const
