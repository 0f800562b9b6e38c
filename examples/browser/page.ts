import { createPayer, dollarsPerBitcoin, evmWallet, lightningWallet, showMoney, USDC, usd, weblnPayer } from 'switchyard-client'
import { browserStore } from './store.ts'

type Extensions = { ethereum?: { request(args: never): Promise<unknown> }; webln?: Parameters<typeof weblnPayer>[0] }
const { ethereum, webln } = window as Extensions // Wallets that the visitor has installed put themselves there.

const main = document.querySelector('main')!
const url = new URL(main.dataset.joke!, location.href)
const tokens = [...USDC, ...JSON.parse(main.dataset.tokens!)]

const payer = createPayer({
  wallets: [
    ethereum && evmWallet({ account: ethereum, tokens }),
    // What a bitcoin is worth is your word: the shop's would make your budget worth nothing.
    webln && lightningWallet({ ...weblnPayer(webln), rate: () => dollarsPerBitcoin('97000') }),
  ].filter((wallet) => wallet !== undefined),
  budget: { perRequest: usd('0.01'), perDay: usd('0.05'), sites: [url.host] },
  approve: ({ total }) => confirm(`Pay ${total ? showMoney(total) : 'an unknown amount'} for a joke?`),
  store: await browserStore(),
})

async function joke(): Promise<string> {
  try {
    const response = await payer.fetch(url)
    if (!response.ok) return `${response.status}: ${await response.text()}`
    return `${(await response.json()).joke} (${payer.receipt(response)?.rail ?? 'no receipt'})`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

main.querySelector('button')!.addEventListener('click', async () => {
  main.querySelector('p')!.textContent = await joke()
})
