import { fetchWithMpp } from '@getalby/lightning-tools/402'
import { fetchWithL402 } from '@getalby/lightning-tools/402/l402'
import { ExactEvmScheme } from '@x402/evm'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { evm, Mppx } from 'mppx/client'
import { privateKeyToAccount } from 'viem/accounts'
import { bookWallet } from '../../gateway/client/bookWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { control, network } from './localNetwork.ts'

/** A way to fetch a priced URL. */
export type PayingFetch = (url: string) => Promise<Response>

/** The clients of the demo by what they are. All but the last are other people's, unmodified. */
export function clients(o: { apiKey: string }): Readonly<Record<string, PayingFetch>> {
  const { world, url } = network()
  const [first, second] = world.customers.map((c) => privateKeyToAccount(c.privateKey as `0x${string}`))
  const lightning = {
    payInvoice: ({ invoice }: { invoice: string }) => control<{ preimage: string }>(world.lightningUrl, '/pay', { invoice }),
  }
  // The token of a local chain is not among the assets that this client trusts by itself.
  const x402On = (network: `eip155:${string}`) =>
    x402Client.fromConfig({ schemes: [{ network, client: new ExactEvmScheme(first!) }], spendControls: false })
  const [mainChain] = world.chains
  const mppx = Mppx.create({
    polyfill: false,
    methods: [evm({ account: second!, authorization: { name: mainChain!.tokenName, version: mainChain!.tokenVersion } })],
  })
  const limit = (text: string) => parseAmount(text, USD)
  const payer = createPayer({
    wallets: [bookWallet({ apiKey: o.apiKey, origins: [url] })],
    budget: { perRequest: limit('0.01'), perDay: limit('1'), sites: [new URL(url).host] },
  })
  return {
    // It takes the chain that is offered first, the cheapest; the second client has money on the main chain only.
    '@x402/fetch': wrapFetchWithPayment(fetch, x402On('eip155:*')),
    '@x402/fetch (31337)': wrapFetchWithPayment(fetch, x402On(`eip155:${mainChain!.chainId}`)),
    'mppx (evm)': (target) => mppx.fetch(target),
    'lightning-tools (L402)': (target) => fetchWithL402(target, {}, { wallet: lightning }),
    // It reads a charge that comes first, which is for who says so; others read L402 there.
    'lightning-tools (MPP)': (target) => fetchWithMpp(target, { headers: { 'accept-payment': 'lightning/charge' } }, { wallet: lightning }),
    'switchyard (balance)': (target) => payer.fetch(target),
  }
}
