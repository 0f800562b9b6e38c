import { network } from 'hardhat'
import { receiverAddress, receiverInitCodeHash, SettlementHub, splitTree, TestUSDC } from 'switchyard-contracts'
import { deployOnDevNetwork } from 'switchyard-contracts/hardhat'
import { createWalletClient, custom, formatUnits, parseUnits, publicActions } from 'viem'
import { hardhat } from 'viem/chains'

const { provider } = await network.create()
const at = await deployOnDevNetwork(provider)
const hub = { address: at.hub, abi: SettlementHub.abi }
const token = { address: at.testToken, abi: TestUSDC.abi }

const wallets = createWalletClient({ chain: hardhat, transport: custom(provider) }).extend(publicActions)
const [payer, author, editor] = await wallets.getAddresses()
if (!payer || !author || !editor) throw new Error('the network has no accounts')

// Two thirds for the author, a third for the editor: the table has an id, and the id an address that needs no code.
const table = splitTree({ payees: [{ account: author, shares: 2n }, { account: editor, shares: 1n }] }) // biome-ignore format: a table
const receiver = receiverAddress(at.hub, table.splitId, receiverInitCodeHash)

// A payment is a transfer of tokens to that address, from any wallet.
const price = parseUnits('9', 6)
await wallets.writeContract({ ...token, account: payer, functionName: 'mint', args: [payer, price] })
await wallets.writeContract({ ...token, account: payer, functionName: 'transfer', args: [receiver, price] })

// Each withdraws what is theirs when they like; nobody waits for another.
await wallets.writeContract({ ...hub, account: author, functionName: 'sweep', args: [table.splitId, at.testToken] })
await wallets.writeContract({ ...hub, account: author, functionName: 'claim', args: [table.share(0), at.testToken] })
await wallets.writeContract({ ...hub, account: editor, functionName: 'claim', args: [table.share(1), at.testToken] })

const has = async (who: `0x${string}`) => formatUnits(await wallets.readContract({ ...token, functionName: 'balanceOf', args: [who] }), 6)
export const withdrawn = { author: await has(author), editor: await has(editor) }
console.log(withdrawn)
