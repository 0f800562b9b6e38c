import type { InvoicePayer } from './lightningWallet.ts'

/** What is used of a WebLN provider, such as `window.webln`. */
type WebLnProvider = Readonly<{ enable(): Promise<unknown>; sendPayment(invoice: string): Promise<Readonly<{ preimage: string }>> }>

/** What a provider says when the person closes its window: nothing was sent. Every other error may come after the payment began. */
const REJECTED = /^(?:user rejected|prompt was closed|user cancelled|user canceled)\b/i

/** Pays invoices by a browser's Lightning wallet. WebLN cannot be asked what became of a payment: an unknown one stays unknown. */
export function weblnPayer(provider: WebLnProvider): InvoicePayer {
  return {
    async payInvoice({ invoice }) {
      try {
        await provider.enable()
      } catch (error) {
        return { failed: `the wallet is not open to this page: ${messageOf(error)}` }
      }
      try {
        const { preimage } = await provider.sendPayment(invoice)
        return { preimage }
      } catch (error) {
        if (REJECTED.test(messageOf(error))) return { failed: `the person said no: ${messageOf(error)}` }
        throw error
      }
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason was given'
}
