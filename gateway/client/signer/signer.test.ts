import { BrowserProvider, type Eip1193Provider, JsonRpcProvider, Wallet } from 'ethers'
import { createWalletClient, custom, type Hex, http, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { baseSepolia } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { evmWallet } from '../evmWallet.ts'
import type { TokenOffer } from '../offers/offer.ts'
import type { Challenge } from '../offers/readChallenge.ts'
import { type SigningAccount, signerOf } from './signer.ts'
import { transferTypedData } from './transferTypedData.ts'

const KEY: Hex = `0x${'42'.repeat(32)}`
const account = privateKeyToAccount(KEY)
const token: Hex = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const data = transferTypedData(
  { name: 'USDC', version: '2', chainId: 84_532, verifyingContract: token },
  { from: account.address, to: `0x${'aa'.repeat(20)}`, value: 2_000n, validAfter: 0n, validBefore: 9n, nonce: `0x${'01'.repeat(32)}` },
)

type Call = Readonly<{ method: string; params?: unknown }>

/** A browser's wallet by EIP-1193 and EIP-712, which signs only for the chain it is on, as MetaMask does. */
function browserWallet(o: { chainId?: number; connected?: boolean; account?: boolean } = {}) {
  const { chainId = 84_532, connected = true, account: has = true } = o
  const calls: string[] = []
  const provider = {
    async request({ method, params }: Call): Promise<unknown> {
      calls.push(method)
      if (method === 'eth_chainId') return `0x${chainId.toString(16)}`
      if (method === 'eth_accounts') return connected ? [account.address.toLowerCase()] : []
      if (method === 'eth_requestAccounts') return has ? [account.address.toLowerCase()] : []
      if (method !== 'eth_signTypedData_v4') throw new Error(`unexpected ${method}`)
      const asked = JSON.parse((params as [string, string])[1])
      if (Number(asked.domain.chainId) !== chainId) throw new Error(`Provided chainId must match the active chainId ${chainId}`)
      const { EIP712Domain: _, ...types } = asked.types
      // ethers writes the chain's number as hex, which EIP-712 takes as it takes decimal.
      return account.signTypedData({ ...asked, types, domain: { ...asked.domain, chainId } })
    },
  }
  return { provider, calls }
}

const browser = () => browserWallet().provider
const accounts: readonly (readonly [string, () => SigningAccount | Promise<SigningAccount>])[] = [
  ['an account of viem', () => account],
  ['a wallet client of viem with a local account', () => createWalletClient({ account, transport: http('http://127.0.0.1:1') })],
  [
    'a wallet client of viem over a browser wallet',
    () => createWalletClient({ account: account.address, chain: baseSepolia, transport: custom(browser()) }),
  ],
  ['a wallet of ethers', () => new Wallet(KEY)],
  ['a signer of ethers over a browser wallet', () => new BrowserProvider(browser() as Eip1193Provider).getSigner()],
  ['a browser wallet itself', browser],
]

describe.each(accounts)('%s', (_, make) => {
  test('signs what a token asks for', async () => {
    const signer = signerOf(await make())
    const address = await signer.address()
    expect(address.toLowerCase()).toBe(account.address.toLowerCase())
    const signature = await signer.sign({ ...data, message: { ...data.message, from: address } }, address)
    expect(await recoverTypedDataAddress({ ...data, signature })).toBe(account.address)
  })
})

const offer: TokenOffer = {
  kind: 'token',
  name: 'x402 exact on eip155:8453',
  header: 'payment-signature',
  chainId: 8_453,
  token: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  payTo: `0x${'aa'.repeat(20)}`,
  units: 2_000n,
  domain: { name: 'USD Coin', version: '2' },
  prove: ({ signature }) => ['payment-signature', signature],
}
const challenge: Challenge = { url: 'https://a.example', origin: 'https://a.example', stated: {}, offers: [offer], unread: [] }

describe('a browser wallet', () => {
  test.each([
    ['by itself', (provider: SigningAccount) => provider],
    [
      'under viem',
      (provider: SigningAccount) => createWalletClient({ account: account.address, transport: custom(provider as Eip1193Provider) }),
    ],
  ])('on another chain says which to switch to, and is not asked to sign: %s', async (_, make) => {
    const { provider, calls } = browserWallet()
    expect(await evmWallet({ account: make(provider) }).consider(offer, challenge)).toEqual({
      reason: 'wrong_network',
      detail: 'the wallet is on chain 84532: switch it to chain 8453',
    })
    expect(new Set(calls)).toEqual(new Set(['eth_chainId']))
  })
  test('asks the person for an account only when it pays', async () => {
    const { provider, calls } = browserWallet({ chainId: 8_453, connected: false })
    const bid = await evmWallet({ account: provider }).consider(offer, challenge)
    if (!bid || !('pay' in bid)) throw new Error('no bid')
    // What accounts it shows already may be asked for; that opens no window.
    expect(calls).toEqual(['eth_chainId', 'eth_accounts'])
    expect(await bid.pay({ idempotencyKey: '', keep: async () => undefined })).toMatchObject({ kind: 'paid' })
    expect(calls.slice(2)).toEqual(['eth_accounts', 'eth_requestAccounts', 'eth_signTypedData_v4'])
  })
  test('without an account, or whose person says no, is a payment that was declined', async () => {
    const { provider } = browserWallet({ chainId: 8_453, connected: false, account: false })
    const bid = await evmWallet({ account: provider }).consider(offer, challenge)
    if (!bid || !('pay' in bid)) throw new Error('no bid')
    await expect(bid.pay({ idempotencyKey: '', keep: async () => undefined })).rejects.toMatchObject({ code: 'payment_declined' })
  })
})

test('a wallet client without an account says so when it is given', () => {
  const client = createWalletClient({ transport: http('http://127.0.0.1:1') })
  expect(() => signerOf(client)).toThrow('has no account')
})

test('a signer of ethers on a chain of its own signs for any', async () => {
  const signer = signerOf(new Wallet(KEY, new JsonRpcProvider('http://127.0.0.1:1', 1, { staticNetwork: true })))
  expect(signer.chainId).toBeUndefined()
  expect(await recoverTypedDataAddress({ ...data, signature: await signer.sign(data, account.address) })).toBe(account.address)
})

test.each([
  ['a signer of ethers 5', { getAddress: async () => '0x', _signTypedData: async () => '0x' }, /ethers 5/],
  ['nothing', undefined, /nothing/],
  ['an object that is none', { sign: () => '0x' }, /something else/],
])('%s is refused when it is given, and told what to give', (_, account, why) => {
  const given = () => evmWallet({ account: account as never }) // What TypeScript would refuse.
  expect(given).toThrow(why)
  expect(given).toThrow(/viem 2, a signer of ethers 6/)
})
