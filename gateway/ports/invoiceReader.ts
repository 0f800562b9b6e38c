/**
 * A BOLT 11 invoice whose form and signature have been checked. `amountMsat` is undefined when the payer chooses; times in ms; hashes are 64 lower-case
 * hex digits. Exactly one of `description` and `descriptionHash` is given.
 */
export type ReadInvoice = Readonly<{
  paymentHash: string
  network: 'mainnet' | 'testnet' | 'signet' | 'regtest'
  payeeNodeId: string
  amountMsat: bigint | undefined
  description: string | undefined
  descriptionHash: string | undefined
  /** How many blocks the payee wants to have for ending the payment, at the last hop. */
  finalCltvBlocks: number
  createdAt: number
  expiresAt: number
}>

/** Reads an invoice strictly, or says why it is none that a careful payer would pay. */
export type InvoiceReader = (text: string) => ReadInvoice | string
