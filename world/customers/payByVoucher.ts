import { createPublicClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { openVoucherChannel, type PayingChannel } from '../../gateway/client/voucherChannel.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { api, network, until } from './localNetwork.ts'

type Terms = { data: { rail: string; chain_id: number; deposit_min: { amount: string; units: string } }[] }
type Claims = { claims: { vouchers: number; value: { amount: string }; outcome: string; evidence?: string }[] }
type SplitNow = { chains: { rail: string; entitlements: { amount: string }[] }[] }

const PAYMENTS = 1_000
/** 0.002 USD, at par. */
const PRICE = 2_000n
const DEPOSIT = 2_500_000n

/** A payer deposits once and pays a thousand times by signatures; one transaction settles them into the split. */
export async function payByVoucher(): Promise<void> {
  const { url, split, world } = network()
  const { data } = await api<Terms>('GET', `/v1/splits/${split}/channel_terms`)
  const place = data.reduce((least, one) => (BigInt(one.deposit_min.units) < BigInt(least.deposit_min.units) ? one : least))
  const account = privateKeyToAccount(world.customers[2]!.privateKey as Hex) // The world's own file.
  const signing = { ms: 0 }
  const signer = {
    address: account.address,
    signTypedData: account.signTypedData,
    async sign(message: { hash: Hex }): Promise<Hex> {
      const start = performance.now()
      const signature = await account.sign(message)
      signing.ms += performance.now() - start
      return signature
    },
  }
  console.log(`\npaying by vouchers on ${place.rail}, where a deposit of ${place.deposit_min.amount} USDC or more is opened for free:`)
  const start = performance.now()
  const server = { url, fetch: (to: string, init: RequestInit) => fetch(to, init) }
  const channel = await openVoucherChannel({ server, split, signer, units: DEPOSIT, trusted: world.chains, rail: place.rail })
  console.log(`  one signature deposited 2.5 USDC in channel ${channel.id.slice(0, 18)}... in ${seconds(performance.now() - start)}`)

  const before = await earned(split, place.rail)
  const took = await payAll(channel)
  const each = (took / PAYMENTS).toFixed(2)
  console.log(`  ${PAYMENTS} vouchers of 0.002 USD over HTTP, each durable before it was answered: ${seconds(took)}, ${each} ms each,`)
  console.log(`  of which the payer's signature took ${(signing.ms / PAYMENTS).toFixed(2)} ms`)
  await settle({ split, rail: place.rail, chainId: place.chain_id, before })
}

async function payAll(channel: PayingChannel): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < PAYMENTS; i++) await channel.pay(PRICE)
  return performance.now() - start
}

async function settle(o: { split: string; rail: string; chainId: number; before: readonly string[] }): Promise<void> {
  const start = performance.now()
  const { claims } = await api<Claims>('POST', `/v1/splits/${o.split}/claim_vouchers?rail=${o.rail}`)
  const [claim] = claims
  if (claims.length !== 1 || claim?.outcome !== 'settled' || !claim.evidence) throw new Error(`the claim: ${JSON.stringify(claims)}`)
  const rpcUrl = network().world.chains.find((chain) => chain.chainId === o.chainId)!.rpcUrl
  const client = createPublicClient({ transport: http(rpcUrl) })
  const { gasUsed } = await client.getTransactionReceipt({ hash: claim.evidence as Hex }) // A settled claim's evidence is its transaction.
  const took = seconds(performance.now() - start)
  console.log(
    `  one claim brought ${claim.value.amount} USDC into the split in ${took}: ${gasUsed} gas, ${gasUsed / BigInt(PAYMENTS)} a payment`,
  )
  const after = await until('the booking of the claim', async () => {
    const now = await earned(o.split, o.rail)
    return now.some((amount, i) => amount !== o.before[i]) ? now : undefined
  })
  console.log(`  its payees are owed ${after.join(', ')} USDC there (before: ${o.before.join(', ')})`)
}

async function earned(split: string, rail: string): Promise<string[]> {
  const { chains } = await api<SplitNow>('GET', `/v1/splits/${split}`)
  return chains.find((chain) => chain.rail === rail)!.entitlements.map(({ amount }) => amount)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
