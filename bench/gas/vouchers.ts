import { concat, type Hex, hexToBigInt, keccak256, toHex } from 'viem'
import type { GasChain } from './gasChain.ts'
import { each, type GasFigure } from './gasFigure.ts'
import { channelIdOf, signClose, signedDeposit, signerNamed, signVoucher, type Terms, voucherRow } from './signatures.ts'

const SPLIT = keccak256(toHex('a split that is paid by vouchers'))
const DEPOSIT = 1_000_000_000n
const CUMULATIVE = 1_234_567n
const DAY = 86_400
const CLAIMS = [1, 10, 100, 240, 1_200] as const
const CLAIM_TARGETS: Readonly<Record<number, bigint>> = { 1: 42_100n, 10: 15_700n, 100: 13_100n, 240: 12_960n, 1200: 13_060n }

const payer = signerNamed('payer with channels')
const closer = signerNamed('closer')
let lastSalt = 0

/** Of a random salt, as honest payers have them: a salt of zeros would make the calldata look cheap. */
function nextTerms(token: Hex): Terms {
  const salt = hexToBigInt(`0x${keccak256(toHex(`salt ${lastSalt++}`)).slice(42)}`)
  return { payer: payer.address, salt, splitId: SPLIT, token, closer: closer.address }
}

/** Channels and their vouchers. */
export async function measureVouchers(chain: GasChain): Promise<GasFigure[]> {
  await chain.mint(payer.address)
  await chain.approveHub(payer.address)
  await open(chain, nextTerms(chain.token))
  const opening = await open(chain, nextTerms(chain.token))
  // The pot's slot is in use before anything is measured.
  await claim(chain, await openMany(chain, 1), 1n)
  const figures: GasFigure[] = [{ id: 'open', operation: '`open` a channel by approval', gas: opening, target: 70_800n }]
  figures.push(...(await measureDeposits(chain)))
  for (const rows of CLAIMS) {
    const gas = await claim(chain, await openMany(chain, rows), CUMULATIVE)
    const operation = `\`claimPacked\`, ${rows.toLocaleString('en')} row${rows === 1 ? '' : 's'}, each`
    figures.push({ id: `claimPacked-${rows}`, operation, gas: each(gas, rows), target: CLAIM_TARGETS[rows]! })
    if (rows === 1_200) figures.push({ id: 'claimPacked-whole', operation: '`claimPacked`, 1,200 rows, whole', gas, target: 15_680_000n })
  }
  figures.push(await measureSlowPath(chain), ...(await measureCloses(chain)))
  return figures
}

function open({ send, settlement }: GasChain, { splitId, token, salt, closer }: Terms): Promise<bigint> {
  return send({ ...settlement, functionName: 'open', args: [splitId, token, salt, closer, DEPOSIT], from: payer.address })
}

async function openMany(chain: GasChain, count: number): Promise<Terms[]> {
  const channels = Array.from({ length: count }, () => nextTerms(chain.token))
  for (const terms of channels) await open(chain, terms)
  return channels
}

async function claim(chain: GasChain, channels: readonly Terms[], cumulative: bigint): Promise<bigint> {
  const rows: Hex[] = []
  for (const terms of channels) rows.push(await voucherRow(chain.hub, payer, { terms, cumulative }))
  return chain.send({ ...chain.settlement, functionName: 'claimPacked', args: [SPLIT, chain.token, closer.address, concat(rows)] })
}

async function measureDeposits(chain: GasChain): Promise<GasFigure[]> {
  const { send, settlement, token, hub } = chain
  const terms = nextTerms(token)
  const deposit = async (salt: string) => {
    const auth = await signedDeposit({ token, hub }, { payer, channelId: channelIdOf(terms), salt: keccak256(toHex(salt)), value: DEPOSIT })
    return send({ ...settlement, functionName: 'openWithAuthorization', args: [terms, auth] })
  }
  return [
    { id: 'openWithAuthorization', operation: '`openWithAuthorization`', gas: await deposit('1') },
    { id: 'topUpWithAuthorization', operation: '`openWithAuthorization` of an open channel: tops it up', gas: await deposit('2') },
    { id: 'topUp', operation: '`topUp` by approval', gas: await send({ ...settlement, functionName: 'topUp', args: [terms, DEPOSIT] }) },
  ]
}

async function measureSlowPath(chain: GasChain): Promise<GasFigure> {
  const [terms] = (await openMany(chain, 1)) as [Terms] // one was asked for
  const signature = await signVoucher(chain.hub, payer, { channelId: channelIdOf(terms), cumulative: CUMULATIVE })
  const gas = await chain.send({ ...chain.settlement, functionName: 'claim1271', args: [terms, CUMULATIVE, signature] })
  return { id: 'claim1271', operation: '`claim1271`, signed by a key', gas }
}

async function measureCloses(chain: GasChain): Promise<GasFigure[]> {
  const { send, settlement, hub, ask } = chain
  const [slow, quick] = (await openMany(chain, 2)) as [Terms, Terms] // two were asked for
  await claim(chain, [slow, quick], CUMULATIVE)
  const request = await send({ ...settlement, functionName: 'requestClose', args: [slow], from: payer.address })
  await ask('evm_increaseTime', [DAY])
  const withdraw = await send({ ...settlement, functionName: 'withdraw', args: [slow] })
  const signature = await signClose(hub, closer, { channelId: channelIdOf(quick), claimedMin: CUMULATIVE })
  const close = await send({ ...settlement, functionName: 'closeCooperatively', args: [quick, CUMULATIVE, signature] })
  return [
    { id: 'requestClose', operation: '`requestClose`', gas: request },
    { id: 'withdraw', operation: '`withdraw` after the delay', gas: withdraw },
    { id: 'closeCooperatively', operation: '`closeCooperatively`', gas: close },
  ]
}
