/** One hop of a payee's hint: `nodeId` forwards over `channel` (block x transaction x output) for its fee, and needs `cltvDelta` blocks. */
export type InvoiceHop = Readonly<{ nodeId: string; channel: string; feeBaseMsat: bigint; feePpm: number; cltvDelta: number }>

/**
 * A BOLT 11 invoice whose form and signature have been checked. `amountMsat` is undefined when the payer chooses; times in ms; hashes, secrets and
 * metadata are lower-case hex. Exactly one of `description` and `descriptionHash` is given. `finalCltvBlocks` must be left of the payment's lock time when
 * it arrives; `features` are the bits that are set (BOLT 9); `fallbackAddresses` are on chain; each of `routeHints` ends at the payee.
 */
export type ReadInvoice = Readonly<{
  paymentHash: string
  paymentSecret: string
  network: 'mainnet' | 'testnet' | 'signet' | 'regtest'
  payeeNodeId: string
  amountMsat: bigint | undefined
  description: string | undefined
  descriptionHash: string | undefined
  metadata: string | undefined
  createdAt: number
  expiresAt: number
  finalCltvBlocks: number
  features: readonly number[]
  fallbackAddresses: readonly string[]
  routeHints: readonly (readonly InvoiceHop[])[]
}>

/** Reads an invoice strictly, or says why it is none that a careful payer would pay. */
export type InvoiceReader = (text: string) => ReadInvoice | string
