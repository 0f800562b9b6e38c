import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RICH_KEY } from '../../test/evm/emptyChain.ts'
import { readDeployKey } from './deployKey.ts'
import { readOptions, WrongWords } from './options.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-options-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

const read = (line: string, env: NodeJS.ProcessEnv = {}) => readOptions(line.split(' '), env)

describe('the words of npm run deploy', () => {
  test('take chain, node and token from the network’s file, and a node from --rpc before it', () => {
    const options = read('--network base-sepolia')
    expect(options).toMatchObject({ chainId: 84532, rpcUrl: 'https://sepolia.base.org', testToken: false, dryRun: false, yes: false })
    expect(options.token).toMatch(/^0x/)
    expect(read('--network base-sepolia --rpc http://127.0.0.1:1 --chain-id 84532').rpcUrl).toBe('http://127.0.0.1:1')
  })

  test('read the node’s address from the environment where the file says so', () => {
    const network = file('secret.json', '{ "chainId": 5, "rpcUrl": "$NODE_OF_FIVE" }')
    expect(read(`--network ${network}`, { NODE_OF_FIVE: 'https://node.example/key' }).rpcUrl).toBe('https://node.example/key')
    expect(() => read(`--network ${network}`)).toThrow(WrongWords)
  })

  test('bring the test token on chain 31337, elsewhere only when asked for and on a test network', () => {
    expect(read('--chain-id 31337 --rpc http://127.0.0.1:1').testToken).toBe(true)
    expect(read('--network base-sepolia').testToken).toBe(false)
    expect(read('--network base-sepolia --test-token').testToken).toBe(true)
    for (const line of ['--network base --test-token', '--chain-id 10 --rpc http://127.0.0.1:1 --test-token']) {
      expect(() => read(line)).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
    }
  })

  test.each([
    '--network base --key 0x01',
    `--network base ${RICH_KEY}`,
    `--network base --deploy-key=${RICH_KEY}`,
    '--rpc http://127.0.0.1:1',
    '--chain-id 5',
    '--chain-id 0x5 --rpc http://127.0.0.1:1',
    '--chain-id 5 --rpc ws://127.0.0.1:1',
    '--chain-id 5 --rpc nowhere',
    // One letter's case is wrong, so the checksum is.
    '--network base --token 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02914',
  ])('that are wrong are refused without repeating them: %s', (line) => {
    const refusal = (() => {
      try {
        return read(line)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(WrongWords)
    expect(String(refusal)).not.toContain(RICH_KEY.slice(2))
  })

  test.each([
    ['another chain id than the file’s', () => '--network base --chain-id 1'],
    ['a network that is not there', () => '--network atlantis'],
    ['a path that leaves the folder', () => '--network ../networks/base'],
    ['a file that is not JSON', () => `--network ${file('broken.json', '{')}`],
    ['a file with an unknown field', () => `--network ${file('field.json', '{ "chainId": 5, "privateKey": "0x01" }')}`],
    ['a file whose token is no address', () => `--network ${file('token.json', '{ "chainId": 5, "token": "0x12" }')}`],
  ])('are refused when they name %s', (_, line) => {
    expect(() => read(line())).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
  })
})

describe('the key', () => {
  test('is read from a file of its owner, or from the environment, with or without 0x', () => {
    const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
    expect(readDeployKey(file('key', `${RICH_KEY}\n`), {})?.address).toBe(account)
    expect(readDeployKey(file('bare', RICH_KEY.slice(2)), {})?.address).toBe(account)
    expect(readDeployKey(undefined, { SWITCHYARD_DEPLOY_KEY: RICH_KEY })?.address).toBe(account)
    expect(readDeployKey(undefined, {})).toBeUndefined()
  })

  test.each([
    ['a file that others can read', () => readDeployKey(file('open', RICH_KEY, 0o644), {})],
    ['a file that is not there', () => readDeployKey(join(folder, 'nothing'), {})],
    ['a key with a digit too few', () => readDeployKey(file('short', RICH_KEY.slice(0, -1)), {})],
    ['a key that is zero', () => readDeployKey(undefined, { SWITCHYARD_DEPLOY_KEY: '0'.repeat(64) })],
    ['a key above the curve’s order', () => readDeployKey(undefined, { SWITCHYARD_DEPLOY_KEY: 'f'.repeat(64) })],
  ])('is refused, and not repeated, when it is %s', (_, get) => {
    expect(get).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
    expect(get).not.toThrow(RICH_KEY.slice(2, 40))
  })
})
