/** What our tests compare with, of `invoices` 6.2.0, which carries no types. Throws for text that is not a BOLT 11 invoice or whose signature is wrong. */
declare module 'invoices' {
  export function parsePaymentRequest(args: { request: string }): {
    id: string
    network: string
    destination: string
    expires_at: string
    created_at: string
    mtokens?: string
    payment?: string
    description?: string
    metadata?: string
    cltv_delta: number
    features: { bit: number }[]
    chain_addresses?: string[]
    routes?: { public_key: string; channel?: string; base_fee_mtokens?: string; fee_rate?: number; cltv_delta?: number }[][]
  }
}
