import { type Hex, keccak256, parseEventLogs, type TransactionReceipt, toHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import type { VoucherChannelTerms } from '../../gateway/ports/voucherChannels.ts'
import { channelIdOf, depositNonce } from '../../gateway/split/channelId.ts'
import { hubDomainFor, hubTypes } from '../../gateway/split/voucher.ts'
import { packRows } from '../../gateway/split/voucherRow.ts'
import { authorization, type SplitChain, YEAR_2100 } from './splitChain.ts'

export const closer = privateKeyToAccount(keccak256(toHex('closer')))
export const payers = ['ann', 'ben', 'cas'].map((name) => privateKeyToAccount(keccak256(toHex(name))))

/** Gives each payer tokens, an allowance for the hub and gas, so that it can do by itself what only a payer can. */
export async function fundPayers({ connection, wallet, mined, usdc, hub }: SplitChain, units: bigint): Promise<void> {
  for (const account of payers) {
    await connection.provider.request({ method: 'hardhat_setBalance', params: [account.address, toHex(10n ** 20n)] })
    await mined(await wallet.writeContract({ ...usdc, functionName: 'mint', args: [account.address, units] }))
    await mined(await wallet.writeContract({ ...usdc, account, functionName: 'approve', args: [hub, units] }))
  }
}

/** Opens a channel, or adds to an open one, by the payer's own transaction or by its signature alone. */
export async function deposit(
  chain: SplitChain,
  payer: PrivateKeyAccount,
  d: { terms: VoucherChannelTerms; units: bigint; way: DepositWay },
) {
  const { wallet, mined, settlement, token } = chain
  const { terms, units, way } = d
  if (way.kind === 'open') {
    const args = [terms.splitId, token, terms.salt, terms.closer, units] as const
    return mined(await wallet.writeContract({ ...settlement, account: payer, functionName: 'open', args }))
  }
  if (way.kind === 'topUp') return mined(await wallet.writeContract({ ...settlement, functionName: 'topUp', args: [terms, units] }))
  const auth = await signDeposit(chain, payer, { terms, units, salt: way.salt })
  return mined(await wallet.writeContract({ ...settlement, functionName: 'openWithAuthorization', args: [terms, auth] }))
}

export type DepositWay = Readonly<{ kind: 'open' }> | Readonly<{ kind: 'topUp' }> | Readonly<{ kind: 'authorization'; salt: Hex }>

async function signDeposit(
  { hub, token }: SplitChain,
  payer: PrivateKeyAccount,
  d: { terms: VoucherChannelTerms; units: bigint; salt: Hex },
) {
  const times = { validAfter: 0n, validBefore: YEAR_2100 }
  const nonce = depositNonce(channelIdOf(d.terms), d.salt)
  const signature = await payer.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: hardhat.id, verifyingContract: token },
    types: { ReceiveWithAuthorization: authorization },
    primaryType: 'ReceiveWithAuthorization',
    message: { from: payer.address, to: hub, value: d.units, ...times, nonce },
  })
  return { value: d.units, salt: d.salt, ...times, signature }
}

/** A voucher as the payer's wallet signs it, by the typed data and not by our digest. */
export function signVoucher({ hub }: SplitChain, signer: PrivateKeyAccount, channelId: Hex, cumulative: bigint): Promise<Hex> {
  const domain = hubDomainFor({ chainId: hardhat.id, hub })
  const message = { channelId, cumulative }
  return signer.signTypedData({ domain, types: { Voucher: hubTypes.Voucher }, primaryType: 'Voucher', message })
}

/** Claims rows and returns what the chain says came of each: the sum, how many were good, and who was skipped for what. */
export async function claimPacked(chain: SplitChain, splitId: Hex, rows: Parameters<typeof packRows>[0]) {
  const { wallet, mined, settlement, token } = chain
  const args = [splitId, token, closer.address, packRows(rows)] as const
  const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'claimPacked', args }))
  const [claimed] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'VouchersClaimed', logs: receipt.logs })
  const skipped = parseEventLogs({ abi: SettlementHub.abi, eventName: 'VoucherSkipped', logs: receipt.logs })
  return {
    value: claimed?.args.value ?? 0n,
    rows: claimed?.args.rows ?? 0n,
    skipped: skipped.map(({ args }) => ({ channelId: args.channelId, reason: args.reason })),
    gasUsed: receipt.gasUsed,
  }
}

/** Asks for the payer's rest back; it can be withdrawn a delay later. */
export async function requestClose({ wallet, mined, settlement }: SplitChain, payer: PrivateKeyAccount, terms: VoucherChannelTerms) {
  return mined(await wallet.writeContract({ ...settlement, account: payer, functionName: 'requestClose', args: [terms] }))
}

/** Lets the delay pass and takes the rest back. */
export async function withdrawLater({ connection, wallet, mined, settlement }: SplitChain, terms: VoucherChannelTerms) {
  const delay = await wallet.readContract({ ...settlement, functionName: 'CLOSE_DELAY' })
  await connection.provider.request({ method: 'evm_increaseTime', params: [toHex(delay)] })
  return mined(await wallet.writeContract({ ...settlement, functionName: 'withdraw', args: [terms] }))
}

/** Gives the rest back at once, by the closer's signature over our own digest's message. */
export async function closeNow({ wallet, mined, settlement, hub }: SplitChain, terms: VoucherChannelTerms, claimedMin: bigint) {
  const domain = hubDomainFor({ chainId: hardhat.id, hub })
  const message = { channelId: channelIdOf(terms), claimedMin }
  const signature = await closer.signTypedData({ domain, types: { Close: hubTypes.Close }, primaryType: 'Close', message })
  const args = [terms, claimedMin, signature] as const
  return mined(await wallet.writeContract({ ...settlement, functionName: 'closeCooperatively', args }))
}

/** What went back to a payer in this transaction. */
export function withdrawnIn(receipt: TransactionReceipt): bigint {
  const [log] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'ChannelWithdrawn', logs: receipt.logs })
  return log?.args.value ?? 0n
}

/** Terms of a payer's channel into a split, with the closer of these tests. */
export function termsOf({ token }: SplitChain, o: { payer: Hex; salt: bigint; splitId: Hex; closer?: Hex }): VoucherChannelTerms {
  return { payer: o.payer, salt: o.salt, splitId: o.splitId, token, closer: o.closer ?? closer.address }
}
