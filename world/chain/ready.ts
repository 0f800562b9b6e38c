type Hex = `0x${string}`

/** An account of the local chain with its (publicly known) key. */
export type ChainAccount = Readonly<{ address: Hex; privateKey: Hex }>

/** What a gateway and its customers need to know of a local chain. `tokenName` and `tokenVersion` are the token's EIP-712 domain. */
export type ChainReady = Readonly<{
  rpcUrl: string
  chainId: number
  token: Hex
  tokenName: string
  tokenVersion: string
  hub: Hex
  operatorKey: Hex
  customers: readonly ChainAccount[]
  /** An OP-stack chain's GasPriceOracle; undefined where nothing is charged beside gas. */
  gasPriceOracle?: Hex
}>

/** The one message that the process of chains sends to its parent: of each, in the order of their names. */
export type ChainReadyMessage = Readonly<{ ready: readonly ChainReady[] }>
