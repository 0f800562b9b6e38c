/** What we use of `invoices` 6.2.0, which carries no types. Throws for text that is not a BOLT 11 invoice or whose signature is wrong. */
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
  }
}
