import { GroundError } from '../../errors/groundError.ts'
import type { Hex } from '../../ports/ids.ts'
import type { TypedData } from './typedData.ts'

/** An account of viem, or any object with an address that signs typed data. */
type Account = Readonly<{ address: Hex; signTypedData(data: TypedData): Promise<Hex> }>

/** A wallet client of viem, with its account. */
type WalletClient = Readonly<{
  account?: Readonly<{ address: Hex; type: string }> | undefined
  // viem's own parameters are generic over the types that are signed.
  signTypedData(data: never): Promise<Hex>
  getChainId(): Promise<number>
}>

/** A signer of ethers v6. */
type EthersSigner = Readonly<{
  getAddress(): Promise<string>
  signTypedData(
    domain: TypedData['domain'],
    types: Record<string, { name: string; type: string }[]>,
    value: Record<string, unknown>,
  ): Promise<string>
}>

/** A provider of EIP-1193, such as a browser wallet. */
type Eip1193Provider = Readonly<{ request(args: never): Promise<unknown> }>

export type SigningAccount = Account | WalletClient | EthersSigner | Eip1193Provider

/** What signs, whatever it was. `chainId` is there where the wallet signs for the one chain that it is on. */
export type Signer = Readonly<{
  address: () => Promise<Hex>
  /** `from`: the account that it signs for, which is its own. */
  sign: (data: TypedData, from: Hex) => Promise<Hex>
  chainId?: () => Promise<number>
  /** A number that a contract on that chain answers to a call made of the account, a word, where that can be had without asking its person for an account. */
  read?: (contract: Hex, call: (account: string) => string) => Promise<bigint | undefined>
}>

/** Tells the four apart by what they can do. */
export function signerOf(account: SigningAccount): Signer {
  if (typeof account !== 'object' || account === null) throw noAccount('nothing')
  if ('getAddress' in account) {
    // ethers 5 calls it `_signTypedData`.
    if (!('signTypedData' in account)) throw noAccount('a signer of ethers 5, or another that cannot sign typed data')
    return byEthers(account)
  }
  if ('address' in account) return { address: async () => account.address, sign: (data) => account.signTypedData(data) }
  if ('signTypedData' in account) return byWalletClient(account)
  if (!('request' in account) || typeof account.request !== 'function') throw noAccount('something else')
  return byProvider(account.request.bind(account) as Request) // Typed for EIP-1193, which every provider narrows in its own way.
}

function noAccount(what: string): GroundError {
  return new GroundError('unsafe_configuration', `evmWallet was given ${what} as its account`, {
    hint: 'Give it an account or wallet client of viem 2, a signer of ethers 6, or an EIP-1193 provider such as window.ethereum.',
  })
}

function byEthers(signer: EthersSigner): Signer {
  return {
    address: async () => (await signer.getAddress()) as Hex, // ethers writes addresses so, typed as text.
    async sign({ domain, types, message }) {
      return (await signer.signTypedData(domain, types as never, { ...message })) as Hex // As above.
    },
  }
}

function byWalletClient(client: WalletClient): Signer {
  const { account } = client
  if (!account) {
    throw new GroundError('unsafe_configuration', 'The wallet client has no account', {
      hint: 'Make it with one: createWalletClient({ account, transport }).',
    })
  }
  const remote = account.type === 'json-rpc'
  return {
    address: async () => account.address,
    sign: (data) => client.signTypedData({ account, ...data } as never), // viem infers its parameters from literal types.
    // An account behind JSON-RPC is a wallet that refuses other chains than its own; a local one signs for any.
    ...(remote && { chainId: () => client.getChainId() }),
  }
}

type Request = (args: { method: string; params?: unknown[] }) => Promise<unknown>

function byProvider(request: Request): Signer {
  async function address(): Promise<Hex> {
    const known = (await request({ method: 'eth_accounts' })) as Hex[] // EIP-1474.
    const accounts = known.length > 0 ? known : ((await request({ method: 'eth_requestAccounts' })) as Hex[]) // EIP-1102.
    const [first] = accounts
    if (!first) throw new GroundError('payment_declined', 'The wallet gave no account')
    return first
  }
  async function read(to: Hex, call: (account: string) => string): Promise<bigint | undefined> {
    const [owner] = (await request({ method: 'eth_accounts' })) as Hex[] // EIP-1474.
    if (!owner) return undefined
    const data = call(owner.slice(2).toLowerCase().padStart(64, '0'))
    return BigInt(String(await request({ method: 'eth_call', params: [{ to, data }, 'latest'] })))
  }
  return {
    address,
    read,
    chainId: async () => Number.parseInt(String(await request({ method: 'eth_chainId' })), 16),
    async sign(data, from) {
      const domain = DOMAIN_FIELDS.filter(({ name }) => name in data.domain)
      const json = JSON.stringify({ ...data, types: { EIP712Domain: domain, ...data.types } }, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )
      return (await request({ method: 'eth_signTypedData_v4', params: [from, json] })) as Hex // By the method's definition.
    },
  }
}

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]
