import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { scriptOfAddress } from '../ldk/chainAddress.ts'
import { coinName } from './walletCoins.ts'
import { type Coin, virtualBytes } from './walletTransaction.ts'

/** A fee of more than this part of the amount is refused unless the caller allows one. */
const FEE_PART_MAX = 10n
/** Least that a P2WPKH output of change may hold; less goes to the fee. */
export const CHANGE_SATS_MIN = 294n

/** Amounts in satoshi. `feeSatsMax` absent: a tenth of the amount. */
export type WithdrawalTerms = Readonly<{
  address: string
  sats: bigint | 'all'
  feeRateSatPerVb: bigint
  feeSatsMax: bigint | undefined
}>
export type WithdrawalOrder = Readonly<{ address: string; sats: bigint; feeSats: bigint; inputs: readonly string[] }>

/** Chooses the fewest coins that pay the amount and a fee at this rate, the largest first, or all of them. Throws what the port `ChainWallet` says. */
export function planWithdrawal(coins: readonly Coin[], changeScript: Uint8Array, wanted: WithdrawalTerms): WithdrawalOrder {
  const { address, feeRateSatPerVb: rate } = wanted
  invariant(rate > 0n, 'a fee has a rate')
  const script = scriptOfAddress(address)
  if (typeof script === 'string') {
    throw new GatewayError('invalid_request', script, {
      hint: 'Name an address of the bitcoin network that the node is on. Nothing moved.',
    })
  }
  const feeOf = (inputs: number, change: boolean) => rate * virtualBytes(inputs, change ? [script, changeScript] : [script])
  const order = wanted.sats === 'all' ? allOf(coins, feeOf) : someOf(coins, { sats: checkedSats(wanted.sats, script), feeOf })
  if (order.sats < dustSats(script)) throw tooLittle(order.sats, dustSats(script))
  const feeSatsMax = wanted.feeSatsMax ?? order.sats / FEE_PART_MAX
  if (order.feeSats > feeSatsMax) {
    throw new GatewayError('fee_above_limit', `The transaction would cost ${order.feeSats} sat, the limit is ${feeSatsMax} sat`, {
      meta: { fee_sat: order.feeSats, fee_max_sat: feeSatsMax },
    })
  }
  return { address, ...order }
}

type Chosen = Omit<WithdrawalOrder, 'address'>
type FeeOf = (inputs: number, change: boolean) => bigint

function allOf(coins: readonly Coin[], feeOf: FeeOf): Chosen {
  const total = sumOf(coins)
  const feeSats = coins.length === 0 ? 0n : feeOf(coins.length, false)
  if (total <= feeSats) throw notEnough(coins, feeSats)
  return { sats: total - feeSats, feeSats, inputs: coins.map(coinName) }
}

function someOf(coins: readonly Coin[], { sats, feeOf }: { sats: bigint; feeOf: FeeOf }): Chosen {
  for (let count = 1; count <= coins.length; count++) {
    const taken = coins.slice(0, count)
    const rest = sumOf(taken) - sats
    if (rest < feeOf(count, false)) continue
    const withChange = rest - feeOf(count, true) >= CHANGE_SATS_MIN
    return { sats, feeSats: withChange ? feeOf(count, true) : rest, inputs: taken.map(coinName) }
  }
  throw notEnough(coins, sats + (coins.length === 0 ? 0n : feeOf(coins.length, false)))
}

function checkedSats(sats: bigint, script: Uint8Array): bigint {
  if (sats < dustSats(script)) throw tooLittle(sats, dustSats(script))
  return sats
}

/** What nodes relay at the least: an output that costs more than a third of itself to spend, at 3 sat a virtual byte (Bitcoin Core's GetDustThreshold). */
function dustSats(script: Uint8Array): bigint {
  const isWitness = script[1] === script.length - 2 && script.length <= 42 && (script[0] === 0 || (script[0] ?? 0) > 0x50)
  return 3n * (9n + BigInt(script.length) + (isWitness ? 67n : 148n))
}

function tooLittle(sats: bigint, least: bigint): GatewayError {
  return new GatewayError('invalid_amount', `${sats} sat are too little for an output, ${least} sat are the least to this address`, {
    hint: 'Withdraw more: nodes do not pass on an output that is hardly worth spending.',
  })
}

function notEnough(coins: readonly Coin[], needed: bigint): GatewayError {
  return new GatewayError('insufficient_balance', `${needed} sat are needed with the fee, and ${sumOf(coins)} sat can be spent now`, {
    hint: 'Withdraw less, or `all`; what is swept or comes back as change can be spent once it has six confirmations.',
    meta: { available_sat: sumOf(coins) },
  })
}

function sumOf(coins: readonly Coin[]): bigint {
  return coins.reduce((sum, { sats }) => sum + sats, 0n)
}
