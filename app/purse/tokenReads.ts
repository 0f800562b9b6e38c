import { z } from 'zod'
import type { EvmWalletOptions } from '../../gateway/client/evmWallet.ts'
import { PERMIT2 } from '../../gateway/ports/permit2.ts'

const ASK_MS_MAX = 2_000
/** The selectors of `balanceOf(address)` and `allowance(address,address)` (ERC-20). */
const [BALANCE_OF, ALLOWANCE] = ['0x70a08231', '0xdd62ed3e'] as const
const answer = z.object({ result: z.string().regex(/^0x[0-9a-fA-F]{1,64}$/) })

type Read = NonNullable<EvmWalletOptions['balanceOf']>

/** Asks a chain what an account holds of a token, and what Permit2 may take of it, at the address that is known for that chain; undefined where none is. */
export function tokenReads(rpc: Readonly<Record<string, string>>): Readonly<{ balanceOf: Read; allowanceOf: Read }> {
  async function asked(chainId: number, to: string, data: string): Promise<bigint | undefined> {
    const url = rpc[chainId]
    if (url === undefined) return undefined
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to, data }, 'latest'] }),
      signal: AbortSignal.timeout(ASK_MS_MAX),
    })
    return BigInt(answer.parse(await response.json()).result)
  }
  return {
    balanceOf: ({ chainId, token, owner }) => asked(chainId, token, `${BALANCE_OF}${word(owner)}`),
    allowanceOf: ({ chainId, token, owner }) => asked(chainId, token, `${ALLOWANCE}${word(owner)}${word(PERMIT2)}`),
  }
}

function word(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}
