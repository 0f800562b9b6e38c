import { GroundError } from '../../errors/groundError.ts'
import type { Hex } from '../../ports/ids.ts'
import { TRANSFER_FIELDS, type TransferTypedData } from './transferTypedData.ts'

/** An account of viem, or any object with an address that signs typed data. */
type Account = Readonly<{ address: Hex; signTypedData(data: TransferTypedData): Promise<Hex> }>

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
    domain: TransferTypedData['domain'],
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
  sign: (data: TransferTypedData) => Promise<Hex>
  chainId?: () => Promise<number>
  /** What the account holds of a token on that chain, where it can say so without asking its person for an account. */
  balanceOf?: (token: Hex) => Promise<bigint | undefined>
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
    async sign({ domain, message }) {
      const types = { TransferWithAuthorization: TRANSFER_FIELDS.map(({ name, type }) => ({ name, type })) }
      return (await signer.signTypedData(domain, types, { ...message })) as Hex // As above.
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

/** The selector of `balanceOf(address)` (ERC-20). */
const BALANCE_OF = '0x70a08231'

type Request = (args: { method: string; params?: unknown[] }) => Promise<unknown>

function byProvider(request: Request): Signer {
  async function address(): Promise<Hex> {
    const known = (await request({ method: 'eth_accounts' })) as Hex[] // EIP-1474.
    const accounts = known.length > 0 ? known : ((await request({ method: 'eth_requestAccounts' })) as Hex[]) // EIP-1102.
    const [first] = accounts
    if (!first) throw new GroundError('payment_declined', 'The wallet gave no account')
    return first
  }
  async function balanceOf(token: Hex): Promise<bigint | undefined> {
    const [owner] = (await request({ method: 'eth_accounts' })) as Hex[] // EIP-1474.
    if (!owner) return undefined
    const call = { to: token, data: `${BALANCE_OF}${owner.slice(2).toLowerCase().padStart(64, '0')}` }
    return BigInt(String(await request({ method: 'eth_call', params: [call, 'latest'] })))
  }
  return {
    address,
    balanceOf,
    chainId: async () => Number.parseInt(String(await request({ method: 'eth_chainId' })), 16),
    async sign(data) {
      const json = JSON.stringify({ ...data, types: { EIP712Domain: DOMAIN_FIELDS, ...data.types } }, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )
      return (await request({ method: 'eth_signTypedData_v4', params: [data.message.from, json] })) as Hex // By the method's definition.
    },
  }
}

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]
