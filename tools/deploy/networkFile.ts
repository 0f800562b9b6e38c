import { readFileSync } from 'node:fs'
import { isAddress } from 'viem'
import { z } from 'zod'
import { feedsConfig } from '../../app/config/feedConfig.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

const FOLDER = new URL('../../deploy/networks/', import.meta.url)
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/

const shape = z.strictObject({
  chainId: z.int().positive(),
  /** `$NAME` is read from the environment: the address of a node often holds an access key. */
  rpcUrl: z.string().min(1).optional(),
  /** A chain whose coin is worth nothing. Only there may the test token stand. */
  testNetwork: z.boolean().default(false),
  /** What gas is paid in, for people. 18 places, as everywhere. */
  coin: z
    .string()
    .regex(/^[A-Za-z]{1,10}$/)
    .default('ETH'),
  /** The dollar token that a gateway on this chain takes. */
  token: z
    .custom<Hex>((value) => typeof value === 'string' && isAddress(value), {
      message: 'is not an address, or its checksum (EIP-55) is wrong',
    })
    .optional(),
  /** Chainlink's feeds there, as `rates.chainlink` of a configuration takes them. */
  chainlink: feedsConfig.optional(),
})

export type NetworkFile = z.infer<typeof shape>

/** Reads deploy/networks/NAME.json, or the file itself where a path ending in .json is given. */
export function readNetworkFile(network: string): NetworkFile {
  const known = NAME.test(network)
  if (!known && !network.endsWith('.json')) throw unusable(network, 'it is neither a name nor a path that ends in .json')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(known ? new URL(`${network}.json`, FOLDER) : network, 'utf8'))
  } catch {
    throw unusable(network, 'there is no such file, or it is not JSON')
  }
  const parsed = shape.safeParse(json)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw unusable(network, `${first?.path.join('.') || 'it'}: ${first?.message}`)
}

function unusable(network: string, why: string): GatewayError {
  return new GatewayError('unsafe_configuration', `The network ${network} cannot be used: ${why}`, {
    hint: 'Nothing was sent. deploy/networks has the known ones, and says what a file holds.',
  })
}
