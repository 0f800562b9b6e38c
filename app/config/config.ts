import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { isFileMissing } from '../../gateway/errors/fileMissing.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { feedRefusals } from './feedRefusals.ts'
import { gasCoinOf, otherCoin } from './gasCoins.ts'
import { journalRefusals } from './journalUrl.ts'
import { misshapenRefusals } from './misshapen.ts'
import { networkRefusals } from './outsideLocal.ts'
import { type Refusal, refuse } from './refusal.ts'
import { settingNames } from './settingNames.ts'
import { unsetVariables, withVariables } from './settings.ts'
import { shape } from './shape.ts'

export type GatewayConfig = z.infer<typeof shape>
export type EvmChainConfig = GatewayConfig['evm'][number]

/** Names the PostgreSQL database of the journal when the configuration file does not. */
const JOURNAL_URL = 'SWITCHYARD_JOURNAL_URL'

/** A line that begins with two slashes: no text of JSON can, for it has no line breaks. */
const COMMENT_LINE = /^[\t ]*\/\/.*$/gm

/**
 * Reads and checks a configuration file (JSON, in which a line may be a comment). An unsafe combination stops the start with an error that says all that is to
 * be changed.
 */
export function readConfig(path: string, env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const json = parsedFile(path)
  return checked(withJournalUrl(withVariables(json, env), env[JOURNAL_URL]), unsetVariables(json, env))
}

function parsedFile(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const missing = isFileMissing(cause)
    const hint = 'Give --config a JSON file; docs/configuration.md has a whole one.'
    throw new GatewayError('unsafe_configuration', `The configuration ${path} ${missing ? 'is not there' : 'cannot be read'}`, {
      cause,
      hint,
    })
  }
  try {
    return JSON.parse(text.replace(COMMENT_LINE, ''))
  } catch {
    // What the parser says shows a part of the text, which may be a secret.
    throw new GatewayError('unsafe_configuration', `The configuration ${path} is not JSON`, {
      hint: 'Look for a comma too many, a quote that is missing, or a comment that is not a line of its own.',
    })
  }
}

/** The configuration with the journal's URL, when it has a place for it. */
function withJournalUrl(json: unknown, url: string | undefined): unknown {
  if (url === undefined || typeof json !== 'object' || json === null || 'journal' in json) return json
  return { ...json, journal: { postgres: { url } } }
}

/** The same for a value in memory. */
export function checkConfig(value: unknown): GatewayConfig {
  return checked(value, [])
}

function checked(value: unknown, unset: readonly Refusal[]): GatewayConfig {
  const { data, error } = shape.safeParse(value)
  const misshapen = misshapenRefusals(value, error?.issues ?? [], () => settingNames(shape))
  const together = data
    ? [
        ...operatorRefusals(data),
        ...priceRefusals(data),
        ...feedRefusals(data),
        ...coinRefusals(data),
        ...chainRefusals(data.evm),
        ...bankRefusals(data),
      ]
    : []
  refuse([...unset, ...misshapen, ...networkRefusals(value), ...journalRefusals(value), ...together])
  invariant(data, 'a configuration of a wrong shape was not refused')
  return data
}

/** A second person is another name and another key. */
function operatorRefusals({ operatorKey, operators }: GatewayConfig): Refusal[] {
  const [names, keys] = [
    ['operator', ...operators.map(({ name }) => name)],
    [operatorKey, ...operators.map(({ key }) => key)],
  ]
  const found: [boolean, string, string][] = [
    [new Set(names).size < names.length, 'Two operators have one name', 'Give each of operators a name of its own, none `operator`.'],
    [new Set(keys).size < keys.length, 'Two operators have one key', 'Give each operator a key that nobody else has.'],
  ]
  return found.flatMap(([wrong, message, hint]) => (wrong ? [{ setting: 'operators', message, hint }] : []))
}

/** What assets are worth is said once: for ever, or by who is asked. And whatever is summed in pounds needs somebody who says what a pound is. */
function priceRefusals(config: GatewayConfig): Refusal[] {
  const { prices, rates, reportingCurrency } = config
  const setting = 'reportingCurrency'
  if (reportingCurrency === 'GBP' && !rates?.ecb) {
    return [
      { setting, message: 'Nobody says what a pound is worth', hint: 'Give rates.ecb ({} is enough: docs/rates.md), or another currency.' },
    ]
  }
  if ((prices === undefined) !== (rates === undefined)) return []
  const message = prices
    ? 'The configuration has both prices, which stand still, and rates'
    : 'The configuration has neither prices nor rates'
  const hint = 'Give rates, and exchanges are asked ({} is enough: docs/rates.md); or prices, and they stay as you write them.'
  return [{ setting: 'prices', message, hint }]
}

/** Gas is paid in the chain's own coin, and what that is worth must be said. */
function coinRefusals({ evm, prices }: GatewayConfig): Refusal[] {
  return evm.flatMap((chain, i): Refusal[] => {
    const other = otherCoin(chain)
    if (other !== undefined) {
      const message = `Gas on chain ${chain.chainId} is paid in ${other}, and not in ${chain.coin}`
      return [{ setting: `evm.${i}.coin`, message, hint: 'Leave coin out: it is known of this chain.' }]
    }
    const coin = gasCoinOf(chain)
    if (!prices || prices[coin] !== undefined) return []
    const message = `Gas on chain ${chain.chainId} is paid in ${coin}, which has no price`
    return [{ setting: `prices.${coin}`, message, hint: `Give prices.${coin} in dollars, or rates in place of prices.` }]
  })
}

/** What the bank charges is said once: as one sum, or by a list. */
function bankRefusals({ bank }: GatewayConfig): Refusal[] {
  if (!bank || (bank.feeEur === undefined) !== (bank.feeSchedule === undefined)) return []
  const both = bank.feeEur !== undefined
  const message = both ? 'The bank has both feeEur and feeSchedule' : 'The bank has neither feeEur nor feeSchedule'
  return [{ setting: 'bank.feeEur', message, hint: 'Say what a transfer costs by one of them: "0.20", or a list such as "sepa".' }]
}

/** Rails and ledgers are told apart by these numbers; and a party's own split names one account, which must be ours on every chain. */
function chainRefusals(chains: readonly EvmChainConfig[]): Refusal[] {
  const twice = <T>(values: readonly T[]): number => values.findIndex((value, i) => values.indexOf(value) !== i)
  const chain = twice(chains.map(({ chainId }) => chainId))
  const token = twice(chains.map((c) => c.token.ledger))
  const key = chains.findIndex(({ operatorKey }) => operatorKey.toLowerCase() !== chains[0]?.operatorKey.toLowerCase())
  const found: [number, string, string, string][] = [
    [chain, 'chainId', `Chain ${chains[chain]?.chainId} is configured twice`, 'Keep one entry for it; more nodes go into its rpcUrls.'],
    [token, 'token.ledger', `Two tokens have the ledger ${chains[token]?.token.ledger}`, 'Give each its own number, and never change it.'],
    [
      key,
      'operatorKey',
      'The chains have different operator keys',
      'Use one key: a payee without a table of its own is paid to one account on every chain.',
    ],
  ]
  return found.flatMap(([i, field, message, hint]) => (i < 0 ? [] : [{ setting: `evm.${i}.${field}`, message, hint }]))
}
