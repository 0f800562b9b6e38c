import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { rpc } from '../../test/evm/chainProcess.ts'
import { type EmptyChain, RICH_KEY, startEmptyChain } from '../../test/evm/emptyChain.ts'
import { deployCommand, type Surroundings } from './command.ts'

const RICH = privateKeyToAddress(RICH_KEY)

let chain: EmptyChain
let folder: string
beforeEach(async () => {
  chain = await startEmptyChain(31337)
  folder = mkdtempSync(join(tmpdir(), 'deploy-'))
})
afterEach(async () => {
  await chain.close()
  rmSync(folder, { recursive: true, force: true })
})

async function run(line: string, around: Partial<Surroundings> = {}): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const code = await deployCommand(line.split(' '), {
    env: { SWITCHYARD_DEPLOY_KEY: RICH_KEY },
    print: (text) => lines.push(text),
    checkBuild: async () => {},
    ...around,
  })
  const said = lines.join('\n')
  expect(said).not.toContain(RICH_KEY.slice(2))
  return { code, said }
}

const here = () => `--chain-id 31337 --rpc ${chain.rpcUrl}`
const sent = async () => Number(await rpc(chain.rpcUrl, 'eth_getTransactionCount', [RICH, 'latest']))

describe('npm run deploy', () => {
  test('prints addresses, size, state, gas and cost, and a dry run sends nothing', async () => {
    const { code, said } = await run(`${here()} --dry-run`)
    expect(code).toBe(0)
    expect(said).toMatch(/SettlementHub +0x[0-9a-fA-F]{40} {2}[0-9,]+ bytes {2}absent {2}[0-9,]+ gas/)
    expect(said).toMatch(/cost +[0-9,]+ gas, about 0\.\d+ ETH at present fees, at most 0\.\d+ ETH/)
    expect(said).toContain(`${RICH} holds 10000 ETH`)
    expect(await sent()).toBe(0)
  })

  test('plans without a key, and asks for one only when there is something to send', async () => {
    expect(await run(`${here()} --dry-run`, { env: {} })).toMatchObject({ code: 0, said: expect.stringContaining('no key was given') })
    expect(await run(`${here()} --yes`, { env: {} })).toMatchObject({ code: 1, said: expect.stringContaining('SWITCHYARD_DEPLOY_KEY') })
    expect((await run(`${here()} --yes`)).code).toBe(0)
    expect(await run(here(), { env: {} })).toMatchObject({ code: 0, said: expect.stringContaining('everything stands') })
  })

  test('spends nothing unless somebody agrees', async () => {
    expect(await run(here())).toMatchObject({ code: 1, said: expect.stringContaining('Give --yes') })
    expect(await run(here(), { confirm: async () => false })).toMatchObject({ code: 1, said: expect.stringContaining('nothing was sent') })
    expect(await sent()).toBe(0)
    expect((await run(here(), { confirm: async () => true })).code).toBe(0)
    expect(await sent()).toBeGreaterThan(0)
  })

  test('says what a gateway must be told, the same when it is repeated, and the second run sends nothing', async () => {
    const first = await run(`${here()} --yes --out ${join(folder, 'first.json')}`)
    expect(first.code).toBe(0)
    const count = await sent()
    const second = await run(`${here()} --yes --out ${join(folder, 'second.json')}`)
    expect(second).toMatchObject({ code: 0, said: expect.stringContaining('spent 0 ETH') })
    expect(await sent()).toBe(count)

    const lines = readFileSync(join(folder, 'first.json'), 'utf8')
    expect(readFileSync(join(folder, 'second.json'), 'utf8')).toBe(lines)
    expect(first.said).toContain(lines.trim())
    // The presigned transaction has its ether from the first block and its place in the second.
    expect(JSON.parse(lines)).toEqual({
      chainId: 31337,
      token: { address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/), name: 'USD Coin', version: '2' },
      hub: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      firstBlock: 3,
      l1DataFee: 'none',
    })
  })

  test('stops before it asks the chain when contracts/abi is not fresh', async () => {
    const checkBuild = async () => {
      throw new GatewayError('deployment_refused', 'contracts/abi is not what the contracts give')
    }
    const { code, said } = await run('--chain-id 31337 --rpc http://127.0.0.1:9 --yes', { checkBuild })
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('contracts/abi is not what the contracts give') })
  })

  test('refuses a node of another chain', async () => {
    const { code, said } = await run(`--chain-id 84532 --rpc ${chain.rpcUrl} --yes`)
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('The node serves chain 31337, not 84532') })
    expect(await sent()).toBe(0)
  })

  test('says how much is missing in an account that holds too little', async () => {
    await rpc(chain.rpcUrl, 'hardhat_setBalance', [RICH, '0x38d7ea4c68000'])
    for (const more of ['--yes', '--dry-run']) {
      const { code, said } = await run(`${here()} ${more}`)
      expect({ code, said }).toMatchObject({
        code: 1,
        said: expect.stringMatching(/the account holds 0\.001 ETH.*Add at least 0\.\d+ ETH/s),
      })
    }
    expect(await sent()).toBe(0)
  })

  test('refuses a token that does not sign as it says, after the contracts stand', async () => {
    const { said } = await run(`${here()} --yes`)
    const [hub] = /0x[0-9a-fA-F]{40}/.exec(said.split('SettlementHub').at(1) ?? '') ?? []
    // A network of one's own, where the token is not deployed with the rest: the hub stands there and is no token.
    const other = await startEmptyChain(31338)
    try {
      const refusal = await run(`--chain-id 31338 --rpc ${other.rpcUrl} --yes --token ${hub}`)
      expect(refusal).toMatchObject({ code: 1, said: expect.stringContaining('does not say its name, version and domain') })
    } finally {
      await other.close()
    }
  })

  test('answers 2 to words it does not know, and shows the ones it does', async () => {
    expect(await run('--network')).toMatchObject({ code: 2, said: expect.stringContaining('--key-file FILE') })
  })
})

test('a node that does not answer, or answers nonsense, is named by its host alone', async () => {
  const server = createServer((_, response) => response.end('not json'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // A TCP server's address is never a string.
  try {
    const { code, said } = await run(`--chain-id 31337 --rpc http://127.0.0.1:${port}/v2/access-key --yes`)
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining(`127.0.0.1:${port} does not answer`) })
    expect(said).not.toContain('access-key')
  } finally {
    server.close()
  }
})
