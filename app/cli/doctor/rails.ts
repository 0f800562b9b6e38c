import { accessSync, constants } from 'node:fs'
import { Client } from 'pg'
import { z } from 'zod'
import { LISTED_MAX } from '../../../adapters/bank/carrier/remote.ts'
import { openRpc } from '../../../adapters/evm/node/rpc.ts'
import { connectionOf, showServer } from '../../../adapters/journal/postgres/connection.ts'
import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { EvmChainConfig, GatewayConfig } from '../../config/config.ts'
import type { LndConfig } from '../../config/lightningConfig.ts'
import type { SftpConfig } from '../../config/sftpConfig.ts'
import type { StripeConfig } from '../../config/stripeConfig.ts'
import { connectBank } from '../../open/connectBank.ts'
import { loadOptional } from '../../open/loadOptional.ts'
import { accessOf } from '../../open/openLightning.ts'
import { bad, type Finding, good } from './finding.ts'

const DEADLINE_MS = 10_000
const hex = z.string().regex(/^0x[0-9a-f]*$/i)

/** What each rail of the configuration answers, and the journal's database. */
export async function railFindings({ evm, lightning, bank, usBank, stripe, journal }: GatewayConfig): Promise<Finding[]> {
  const all = await Promise.all([
    ...evm.flatMap((chain) => chain.rpcUrls.map((url) => chainFindings(chain, url))),
    ...(lightning ? ['lnd' in lightning ? lndFinding(lightning.lnd) : embeddedFinding(lightning.chainUrl)] : []),
    ...(bank ? [bankFinding('bank', bank.folder)] : []),
    ...(usBank ? [bankFinding('usBank', usBank.folder)] : []),
    ...(bank?.sftp ? [sftpFinding('bank.sftp', bank.sftp)] : []),
    ...(usBank?.sftp ? [sftpFinding('usBank.sftp', usBank.sftp)] : []),
    ...(stripe ? [stripeFinding(stripe)] : []),
    ...(journal ? [journalFinding(journal.postgres.url)] : []),
  ])
  return all.flat()
}

async function chainFindings({ chainId, hub, token }: EvmChainConfig, url: string): Promise<Finding[]> {
  const what = `evm:${chainId}`
  const { host } = new URL(url)
  const rpc = openRpc({ url, timeoutMs: DEADLINE_MS })
  try {
    const id = BigInt(await rpc.call('eth_chainId', [], hex))
    if (id !== BigInt(chainId)) return [bad(what, `${host} is of chain ${id}`, 'Correct evm[].chainId or evm[].rpcUrls.')]
    const codes = await Promise.all([hub, token.address].map((address) => rpc.call('eth_getCode', [address, 'latest'], hex)))
    const missing = [
      ...(codes[0] === '0x' ? [bad(what, `no contract at the hub ${hub}`, 'Deploy it (docs/deploy.md), or correct evm[].hub.')] : []),
      ...(codes[1] === '0x' ? [bad(what, `no contract at the token ${token.address}`, 'Correct evm[].token.address.')] : []),
    ]
    return missing.length > 0 ? missing : [good(what, `${host} answers; hub and token are there`)]
  } catch (error) {
    return [bad(what, `${host}: ${messageOf(error)}`, 'See that the node runs, or name another in evm[].rpcUrls.')]
  } finally {
    rpc.close()
  }
}

async function lndFinding(lnd: LndConfig): Promise<Finding[]> {
  try {
    // Loaded only where there is an LND: its client brings gRPC with it.
    const { connectLnd } = await import('../../../adapters/lightning/lnd/node/connect.ts')
    const { nodeId, version, network } = await connectLnd(accessOf(lnd))
    return [good('lightning', `${lnd.socket} is ${nodeId.slice(0, 16)}..., LND ${version} on ${network}`)]
  } catch (error) {
    const mend = 'See that it runs, and that lightning.lnd has its certificate and macaroons: docs/lightning.md.'
    return [bad('lightning', messageOf(error), mend)]
  }
}

async function embeddedFinding(chainUrl: string): Promise<Finding[]> {
  const response = await fetch(chainUrl, { signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => undefined)
  if (response) return [good('lightning', `the embedded node’s chain answers at ${chainUrl}`)]
  return [bad('lightning', `${chainUrl} does not answer`, 'Start the local network: it is the chain of the embedded node.')]
}

async function bankFinding(setting: 'bank' | 'usBank', folder: string): Promise<Finding[]> {
  try {
    accessSync(folder, constants.W_OK)
    return [good(setting, `${folder} is there and can be written to`)]
  } catch {
    return [bad(setting, `${folder} is not there, or can not be written to`, `Make it, or correct ${setting}.folder.`)]
  }
}

/** Whether the bank's server takes our key, shows its own, and has both folders; nothing is written there. */
export async function sftpFinding(setting: string, sftp: SftpConfig): Promise<Finding[]> {
  const { host, port, user, putInto, takeFrom } = sftp
  try {
    const remote = await connectBank(sftp)
    try {
      for (const folder of [putInto, takeFrom]) await remote.list(folder, LISTED_MAX)
    } finally {
      remote.close()
    }
    return [good(setting, `${host}:${port} takes ${user}; ${putInto} and ${takeFrom} are there`)]
  } catch (error) {
    return [bad(setting, messageOf(error), `See ${setting} in docs/bank.md.`)]
  }
}

/** Whether Stripe takes the key, and how much the account can pay now; nothing is changed there. */
async function stripeFinding({ secretKey, currency, url }: StripeConfig): Promise<Finding[]> {
  try {
    // Loaded only where there is an account: its client is large.
    const { openApi } = await loadOptional('stripe', () => import('../../../adapters/stripe/api.ts'))
    const api = openApi({ secretKey, ...(url === undefined ? {} : { url }) })
    const asked = currency.toLowerCase()
    // What the rail reads all the time, so that a key without a right is found now.
    const [{ available, pending }] = await Promise.all([api.balance(), api.newestTransaction(asked), api.onTheWay(asked)])
    if ([...available, ...pending].some((one) => one.currency === currency.toLowerCase())) {
      return [good('stripe', `Stripe takes the key; the account is in ${currency}`)]
    }
    const others = available.map((one) => one.currency.toUpperCase()).join(', ') || 'no currency'
    return [bad('stripe', `the account holds ${others}`, 'Correct stripe.currency.')]
  } catch (error) {
    return [bad('stripe', messageOf(error), 'Correct stripe.secretKey: docs/stripe.md says what a restricted key must be allowed.')]
  }
}

async function journalFinding(url: string): Promise<Finding[]> {
  const connection = connectionOf(url)
  const client = new Client({ ...connection, connectionTimeoutMillis: DEADLINE_MS })
  const where = showServer(connection)
  try {
    await client.connect()
    return [good('journal', `${where} answers`)]
  } catch (error) {
    return [bad('journal', `${where}: ${messageOf(error)}`, 'See that it runs and can be reached: docs/ledger-engines.md.')]
  } finally {
    await client.end().catch(() => undefined)
  }
}

function messageOf(error: unknown): string {
  if (isGatewayError(error)) return error.shortMessage
  return error instanceof Error ? error.message : 'no answer'
}
