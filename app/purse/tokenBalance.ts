import { z } from 'zod'
import type { EvmWalletOptions } from '../../gateway/client/evmWallet.ts'

const ASK_MS_MAX = 2_000
/** The selector of `balanceOf(address)` (ERC-20). */
const BALANCE_OF = '0x70a08231'
const answer = z.object({ result: z.string().regex(/^0x[0-9a-fA-F]{1,64}$/) })

/** Asks a chain what an account holds of a token, at the address that is known for that chain; undefined where none is. */
export function tokenBalance(rpc: Readonly<Record<string, string>>): NonNullable<EvmWalletOptions['balanceOf']> {
  return async ({ chainId, token, owner }) => {
    const url = rpc[chainId]
    if (url === undefined) return undefined
    const call = { to: token, data: `${BALANCE_OF}${owner.slice(2).toLowerCase().padStart(64, '0')}` }
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params: [call, 'latest'] }),
      signal: AbortSignal.timeout(ASK_MS_MAX),
    })
    return BigInt(answer.parse(await response.json()).result)
  }
}
