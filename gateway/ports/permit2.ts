import type { Hex } from './ids.ts'

/** Uniswap's Permit2, at one address on every chain that has it. In lower case, as all addresses here. */
export const PERMIT2: Hex = '0x000000000022d473030f116ddee9f6b43ac78ba3'
/** x402's proxies over it (`x402ExactPermit2Proxy`, `x402UptoPermit2Proxy`), which a payer names as the spender; each at one address everywhere. */
export const EXACT_PROXY: Hex = '0x402085c248eea27d92e8b30b2c58ed07f9e20001'
export const UPTO_PROXY: Hex = '0x4020a4f3b7b90cca423b9fabcc0ce57c6c240002'
