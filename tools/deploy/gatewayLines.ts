import { decodeAbiParameters, domainSeparator, getAddress, toFunctionSelector } from 'viem'
import type { Chain } from '../../adapters/evm/node/chain.ts'
import { OP_STACK_ORACLE } from '../../adapters/evm/node/dataFees.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

/** What the deployment knows of a chain's entry under `evm` in a gateway's configuration; node, keys and finality are the operator's choice. */
export type GatewayLines = Readonly<{
  chainId: number
  token?: Readonly<{ address: Hex; name: string; version: string }>
  hub: Hex
  firstBlock?: number
  l1DataFee: 'none' | Readonly<{ oracle: Hex }>
}>

/** `firstBlock` undefined: no node at hand remembers it. */
export type LineOptions = Readonly<{ chainId: number; hub: Hex; token: Hex | undefined; firstBlock: bigint | undefined }>

/** Reads what is missing from the chain. Refuses a token that does not sign as its name and version say (EIP-712). */
export async function gatewayLines(chain: Chain, o: LineOptions): Promise<GatewayLines> {
  const rollup = (await chain.code(OP_STACK_ORACLE)) !== '0x'
  return {
    chainId: o.chainId,
    ...(o.token === undefined ? {} : { token: await tokenLines(chain, o.chainId, o.token) }),
    hub: getAddress(o.hub),
    ...(o.firstBlock === undefined ? {} : { firstBlock: Number(o.firstBlock) }),
    l1DataFee: rollup ? { oracle: getAddress(OP_STACK_ORACLE) } : 'none',
  }
}

async function tokenLines(chain: Chain, chainId: number, token: Hex): Promise<NonNullable<GatewayLines['token']>> {
  const unfit = (why: string, cause?: unknown) =>
    new GatewayError('rail_misconfigured', `The token ${token} ${why}`, {
      hint: 'The contracts stand; name a token that knows EIP-3009.',
      cause,
    })
  if ((await chain.code(token)) === '0x') throw unfit('is not a contract on this chain')
  const ask = (signature: string) => chain.call({ to: token, data: toFunctionSelector(signature) }, 'latest')
  const [name, version, separator] = await Promise.all([
    ask('name()').then(textOf),
    ask('version()').then(textOf),
    ask('DOMAIN_SEPARATOR()'),
  ]).catch((error: unknown) => {
    throw unfit('does not say its name, version and domain', error)
  })
  const domain = { name, version, chainId, verifyingContract: token }
  if (separator !== domainSeparator({ domain })) throw unfit(`does not sign as "${name}", version "${version}"`)
  return { address: getAddress(token), name, version }
}

function textOf(answer: Hex): string {
  return decodeAbiParameters([{ type: 'string' }], answer)[0]
}
