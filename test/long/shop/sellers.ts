/** Each kind of sale has a seller for itself. */
export const SELLERS = ['session', 'stream', 'channel', 'upto', 'pass', 'refund'] as const

export type SellerName = (typeof SELLERS)[number]

export const nameOfSeller = (name: SellerName): string => `shop of ${name}`

/** The file in the gateway's data folder that says of each run of a handler which request it was for, one line a run. */
export const RUNS = 'runs.log'

/** In units of the token. */
export const PRICES_UNITS = { session: 20_000n, channel: 2_000n, use: 2_000n, broken: 10_000n } as const
export const USES = 5
/** What a part of the stream costs, and how much of it is paid for at a time. */
export const STREAM = { partUnits: 4_000n, stepUnits: 10_000n, mostUnits: 60_000n } as const
