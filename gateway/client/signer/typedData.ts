import type { Hex } from '../../ports/ids.ts'

/** What an account signs by EIP-712: numbers as bigints. The types name no domain, whose fields are those that it has. */
export type TypedData = Readonly<{
  domain: Readonly<{ name: string; version?: string; chainId: number; verifyingContract: Hex }>
  types: Readonly<Record<string, readonly Readonly<{ name: string; type: string }>[]>>
  primaryType: string
  message: Readonly<Record<string, unknown>>
}>
