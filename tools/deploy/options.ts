import { parseArgs } from 'node:util'
import { isAddress } from 'viem'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type NetworkFile, readNetworkFile } from './networkFile.ts'

export const USAGE = `npm run deploy -- --network NAME [...]     deploy the contracts, to the same addresses as on every chain

  --network NAME     a file of deploy/networks, or a path to one of your own
  --rpc URL          another node than the file's
  --chain-id N       the chain's id, where no file says it
  --key-file FILE    the account that pays, as 64 hex digits; or in SWITCHYARD_DEPLOY_KEY
  --token ADDRESS    the dollar token for the gateway's configuration, where no file says it
  --test-token       deploy TestUSDC too, on a test network (on chain 31337 it is always)
  --dry-run          print the plan, send nothing
  --yes              send without asking
  --out FILE         write the gateway's configuration of this chain there too`

/** What one run is told. `keyFile` undefined: the key is in the environment, if anywhere. */
export type DeployOptions = Readonly<{
  chainId: number
  rpcUrl: string
  coin: string
  token: Hex | undefined
  testToken: boolean
  keyFile: string | undefined
  dryRun: boolean
  yes: boolean
  out: string | undefined
}>

/** The words were wrong: exit code 2. */
export class WrongWords extends Error {
  override readonly name = 'WrongWords'
}

/** The chain that a Hardhat or Anvil node has unless it is told otherwise. No network of value uses its id. */
const LOCAL_CHAIN = 31337

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const WORDS = {
  network: text,
  rpc: text,
  'chain-id': text,
  'key-file': text,
  token: text,
  out: text,
  'test-token': flag,
  'dry-run': flag,
  yes: flag,
} as const

/** Reads the words behind the command, and the network's file. Throws WrongWords, or `unsafe_configuration`. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DeployOptions {
  const words = parse(args)
  const file = words.network === undefined ? undefined : readNetworkFile(words.network)
  const chainId = chainIdOf(words['chain-id'], file)
  return {
    chainId,
    rpcUrl: rpcUrlOf(words.rpc ?? file?.rpcUrl, env),
    coin: file?.coin ?? 'ETH',
    token: tokenOf(words.token, file),
    testToken: mayHaveTestToken(words['test-token'], chainId, file),
    keyFile: words['key-file'],
    dryRun: words['dry-run'],
    yes: words.yes,
    out: words.out,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: WORDS, allowPositionals: false }).values
  } catch {
    // Not the parser's own words: they repeat what was typed, which may have been a key.
    throw new WrongWords(
      'A word is not known, or lacks its value. A key is never given on the command line, where other programs can read it.',
    )
  }
}

function chainIdOf(word: string | undefined, file: NetworkFile | undefined): number {
  if (word !== undefined && !/^[1-9][0-9]{0,14}$/.test(word)) throw new WrongWords('--chain-id wants a number.')
  const told = word === undefined ? undefined : Number.parseInt(word, 10)
  if (told !== undefined && file !== undefined && told !== file.chainId) {
    throw refused(`--chain-id says ${told}, the network's file ${file.chainId}`, 'Leave --chain-id out, or name the right network.')
  }
  const chainId = told ?? file?.chainId
  if (chainId === undefined) throw new WrongWords('Which chain? Give --network, or --rpc and --chain-id.')
  return chainId
}

function rpcUrlOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const url = given?.startsWith('$') ? env[given.slice(1)] : given
  if (url === undefined)
    throw new WrongWords(given === undefined ? 'Which node? Give --rpc.' : `Which node? ${given} is not set; set it or give --rpc.`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new WrongWords('--rpc wants an http or https address.')
  return url
}

function tokenOf(word: string | undefined, file: NetworkFile | undefined): Hex | undefined {
  if (word === undefined) return file?.token
  if (!isAddress(word)) throw new WrongWords('--token wants an address, its checksum (EIP-55) right.')
  return word
}

function mayHaveTestToken(asked: boolean, chainId: number, file: NetworkFile | undefined): boolean {
  if (chainId === LOCAL_CHAIN) return true
  if (asked && !file?.testNetwork) {
    throw refused(
      'Anyone may mint TestUSDC, and this chain is not called a test network',
      'Leave --test-token out, or name a network whose file says so.',
    )
  }
  return asked
}

function refused(message: string, hint: string): GatewayError {
  return new GatewayError('unsafe_configuration', message, { hint: `Nothing was sent. ${hint}` })
}
