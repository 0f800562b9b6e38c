// A payer in a process of its own, which its test kills: node payerChild.ts URL STORE INVOICES. An invoice is paid by a line in the file INVOICES, and then
// the wallet says nothing any more; it is looked up there.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { privateKeyToAccount } from 'viem/accounts'
import { fileStore } from '../../gateway/client/budget/fileStore.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { dollarsPerBitcoin, usd } from '../../gateway/money/dollars.ts'
import { PREIMAGE, TOKEN } from './askingServer.ts'

const [url = '', store = '', invoices = ''] = process.argv.slice(2)
const payer = createPayer({
  wallets: [
    evmWallet({
      account: privateKeyToAccount(`0x${'42'.repeat(32)}`),
      tokens: [{ chainId: 31337, address: TOKEN, scale: 6, name: 'USD Coin', version: '2' }],
    }),
    lightningWallet({
      rate: () => dollarsPerBitcoin('100000'),
      async payInvoice({ invoice }) {
        // Asked again, it pays again, as a wallet does that knows nothing of the first.
        const again = existsSync(invoices)
        appendFileSync(invoices, `${invoice}\n`)
        if (again) return { preimage: PREIMAGE }
        console.log('sent')
        return new Promise(() => setInterval(() => undefined, 1_000))
      },
      async lookupInvoice({ invoice }) {
        const sent = existsSync(invoices) ? readFileSync(invoices, 'utf8') : ''
        return sent.includes(invoice) ? { preimage: PREIMAGE } : undefined
      },
    }),
  ],
  budget: { perRequest: usd('0.01'), perDay: usd('0.02'), sites: ['127.0.0.1'] },
  store: fileStore(store),
})
const response = await payer.fetch(url)
const { units } = await payer.spent()
console.log(JSON.stringify({ status: response.status, rail: payer.receipt(response)?.rail, spent: `${units}` }))
