// `npm run pay -- CLIENT [URL]`: makes one customer pay one URL of the running local network, the demo route by default. Also `bank AMOUNT REFERENCE`.
import { clients } from './clients.ts'
import { control, fundedParty, network } from './localNetwork.ts'

const NAMES: Readonly<Record<string, string>> = {
  x402: '@x402/fetch',
  'x402-31337': '@x402/fetch (31337)',
  mppx: 'mppx (evm)',
  l402: 'lightning-tools (L402)',
  mpp: 'lightning-tools (MPP)',
  balance: 'switchyard (balance)',
}

const [name = '', ...rest] = process.argv.slice(2)

async function main(): Promise<number> {
  if (name === 'bank') return transfer(rest[0], rest[1])
  const label = NAMES[name]
  if (!label) {
    console.log('npm run pay -- CLIENT [URL]      one of: x402, x402-31337, mppx, l402, mpp, balance; the demo route by default')
    console.log('npm run pay -- bank EUR REFERENCE  a customer of the bank sends a transfer, such as: bank 9.26 RF18...')
    return name === '' ? 0 : 2
  }
  const apiKey = name === 'balance' ? (await fundedParty('balance payer')).apiKey : 'sk_not_needed_here'
  const response = await clients({ apiKey })[label]!(rest[0] ?? network().route)
  console.log(`${response.status} ${response.headers.get('switchyard-receipt') ?? 'no receipt'}`)
  console.log(await response.text())
  return response.ok ? 0 : 1
}

async function transfer(amount: string | undefined, remittance: string | undefined): Promise<number> {
  if (!amount || !remittance) {
    console.error('pay: name an amount and a reference: npm run pay -- bank 9.26 RF18...')
    return 2
  }
  const { world } = network()
  await control(world.bankUrl, '/transfers', { customer: world.bankCustomers[0]!.id, amount, remittance })
  console.log(`${amount} EUR with reference ${remittance} leaves at the bank's next cycle`)
  return 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`pay: ${error instanceof Error ? error.message : String(error)}`)
  return 1
})
