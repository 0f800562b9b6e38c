import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { clientCommand } from '../../app/cli/clientCommand.ts'
import { tell } from '../../app/cli/trouble.ts'
import { mppxServer, type OtherServer, x402Express, x402V1 } from '../client/otherServers.ts'
import { busy, cutOff, hangUp, type Lost, listening, lossy } from './lossyServer.ts'

const KEY = `0x${'42'.repeat(32)}`

async function open(start: () => Promise<OtherServer>): Promise<string> {
  const server = await start()
  onTestFinished(() => server.close())
  return server.url
}

/** A server that asks for nothing. */
function free(answer: (response: ServerResponse) => unknown): Promise<OtherServer> {
  return listening(createServer((_, response) => void answer(response)))
}

/** A terminal at which a person answers; what it was asked. */
function atTerminal(answer: string): () => string {
  const [input, output] = [Object.assign(new PassThrough(), { isTTY: true }), Object.assign(new PassThrough(), { isTTY: true })]
  let asked = ''
  output.on('data', (chunk: Buffer) => {
    asked += chunk.toString()
    if (/\] $/.test(asked)) input.write(`${answer}\n`)
  })
  const spies = [
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never),
    vi.spyOn(process, 'stderr', 'get').mockReturnValue(output as never),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return () => asked
}

/** The payer's command in this process, with a wallet file and a memory of its own from one call to the next. */
function person(wallet: object = { evm: { key: KEY } }) {
  const home = mkdtempSync(join(tmpdir(), 'switchyard-person-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const file = join(home, 'wallet.json')
  writeFileSync(file, JSON.stringify(wallet), { mode: 0o600 })
  /** `hear` is told each time that something is said. */
  async function run(...typed: (string | ((said: { out: string; err: string }) => void))[]) {
    const words = typed.filter((word) => typeof word === 'string')
    const hear = typed.find((word) => typeof word === 'function')
    const said = { out: '', err: '' }
    const add = (to: 'out' | 'err') => (text: string) => {
      said[to] += text
      hear?.(said)
    }
    const spies = [
      vi.spyOn(console, 'log').mockImplementation((line: string) => add('out')(`${line}\n`)),
      vi.spyOn(console, 'error').mockImplementation((line: string) => add('err')(`${line}\n`)),
      vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
        add('out')(chunk.toString())
        return true
      }),
    ]
    try {
      const given = words[0] === 'validate' ? words : [...words, '--wallet', file]
      const code = await clientCommand('switchyard-client')
        .run(given)
        .catch((error: unknown) => tell(error, given, 'switchyard-client'))
      return { code, out: said.out, err: said.err }
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  }
  return { home, file, run }
}

describe.each([
  ['@x402/express', x402Express, 'x402 v2', 'x402 exact on eip155:84532'],
  ['a server of x402 v1', x402V1, 'x402 v1', 'x402 exact on base-sepolia'],
  ['mppx, which asks by MPP alone', mppxServer, 'mpp', 'mpp evm/charge on eip155:84532'],
])('%s', (_, start, paid, offer) => {
  test('is paid: the answer alone on standard output, and in words what was asked, taken and why', async () => {
    const url = await open(start)
    const { code, out, err } = await person().run('pay', url, '--max', '0.01')
    expect([code, out]).toEqual([0, JSON.stringify({ paid })])
    expect(err.replace(/in \d+ ms/, 'in N ms').replace(/0x[0-9a-f]{14}/, 'PROOF')).toBe(
      [
        '402  0.002 USD',
        '     0.002 USDC on Base Sepolia (0.002 USD)',
        'paid 0.002 USDC on Base Sepolia (the one way) in N ms',
        '     proof PROOF...',
        '200\n',
      ].join('\n'),
    )
  })

  test('is inspected, and found correct, without a payment', async () => {
    const url = await open(start)
    const { run } = person()
    const inspected = await run('inspect', url, '--json')
    expect(JSON.parse(inspected.out)).toMatchObject({
      status: 402,
      offers: [{ offer, payable: [{ wallet: 'the EVM key', bid: { cost: { amount: '0.002' } } }] }],
    })
    const validated = await run('validate', url, '--json')
    expect([validated.code, JSON.parse(validated.out)]).toMatchObject([0, { ok: true, status: 402 }])
    const dry = await run('pay', url, '--dry-run', '--json')
    expect(JSON.parse(dry.out)).toMatchObject({ quote: { total: { amount: '0.002' } } })
  })
})

/** Asks by x402 and by MPP at once, for the same sum on the same chain. */
async function twoProtocols(): Promise<string> {
  const [x402, mpp] = [await open(x402Express), await open(mppxServer)]
  const server = createServer(async (_, response) => {
    const [first, second] = await Promise.all([fetch(x402), fetch(mpp)])
    response.writeHead(402, {
      'payment-required': first.headers.get('payment-required')!,
      'www-authenticate': second.headers.get('www-authenticate')!,
    })
    response.end(await first.text())
  })
  return open(() => listening(server))
}

test('a way to pay that two protocols offer is one line', async () => {
  const url = await twoProtocols()
  const { run } = person()
  expect((await run('pay', url, '--dry-run')).out).toBe('402  0.002 USD\n     0.002 USDC on Base Sepolia (0.002 USD)\n')
  const { out } = await run('inspect', url)
  expect(out.match(/0\.002 USDC on Base Sepolia/g)).toHaveLength(1)
  expect(out).toMatch(/x402 exact on eip155:84532, mpp evm\/charge on eip155:84532/)
  expect((JSON.parse((await run('inspect', url, '--json')).out) as { offers: object[] }).offers).toHaveLength(2)
})

describe('an answer of any length', () => {
  const LONG = 'x'.repeat(3_000_000)

  test('goes to standard output as it comes', async () => {
    const gate = Promise.withResolvers<void>()
    const url = await open(() =>
      free(async (response) => {
        response.write('first ')
        await gate.promise
        response.end('second')
      }),
    )
    const { out, code } = await person().run('pay', url, '--max', '1', (said) => said.out === 'first ' && gate.resolve())
    expect([code, out]).toEqual([0, 'first second'])
  })

  test('goes into a file that is new, and into none that is there', async () => {
    const url = await open(() => free((response) => void response.end(LONG)))
    const mine = person()
    const file = join(mine.home, 'answer')
    const { code, out, err } = await mine.run('pay', url, '--max', '1', '--output', file)
    expect([code, out, readFileSync(file, 'utf8') === LONG]).toEqual([0, '', true])
    expect(err).toContain(`3 MB in ${file}`)
    writeFileSync(file, 'mine')
    const again = await mine.run('pay', 'http://127.0.0.1:1/', '--max', '1', '--output', file)
    expect([again.code, again.err, readFileSync(file, 'utf8')]).toEqual([1, expect.stringMatching(/is there already/), 'mine'])
  })

  test('leaves no half of a file, nor an empty one', async () => {
    const mine = person()
    const file = join(mine.home, 'answer')
    const lost: Lost = { proofs: [], answer: cutOff }
    expect((await mine.run('pay', await open(() => lossy(lost)), '--max', '1', '--output', file)).code).toBe(3)
    expect((await mine.run('pay', 'http://127.0.0.1:1/', '--max', '1', '--output', file)).code).toBe(1)
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    ['standard output', []],
    ['a file', ['--output']],
  ])('that goes silent on its way to %s ends after a minute, and nothing is left of it', async (_, where) => {
    const started = Promise.withResolvers<void>()
    const url = await open(() => free((response) => response.write('first ', () => started.resolve())))
    const mine = person()
    const file = join(mine.home, 'answer')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const running = mine.run('pay', url, '--max', '1', ...where, ...where.map(() => file))
    await started.promise
    const minute = setInterval(() => vi.advanceTimersByTime(60_000), 20)
    onTestFinished(() => clearInterval(minute))
    expect(await running).toMatchObject({ code: 1, err: expect.stringMatching(/does not answer.*Nothing was paid/s) })
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false])
  })

  test('is not whole in the JSON when it is long, and is in a file', async () => {
    const url = await open(() => free((response) => void response.end(LONG)))
    const { out } = await person().run('pay', url, '--max', '1', '--json')
    const said = JSON.parse(out) as { body: null; body_file: string } // The command's own JSON.
    onTestFinished(() => rmSync(dirname(said.body_file), { recursive: true, force: true }))
    expect([said.body, readFileSync(said.body_file, 'utf8') === LONG]).toEqual([null, true])
  })
})

describe('--confirm', () => {
  test('without a terminal says what to write, and asks nobody for anything', async () => {
    const { code, err } = await person().run('pay', 'http://127.0.0.1:1/', '--confirm')
    expect([code, err]).toEqual([2, expect.stringMatching(/no terminal.*--max.*--yes/)])
  })

  test.each([
    ['y', 0],
    ['yes', 0],
    ['n', 1],
    ['', 1],
  ])('at a terminal asks before it pays: %j', async (answer, code) => {
    const url = await open(x402Express)
    const asked = atTerminal(answer)
    const said = await person().run('pay', url, '--confirm')
    expect([said.code, said.out]).toEqual([code, code === 0 ? JSON.stringify({ paid: 'x402 v2' }) : ''])
    expect(asked()).toMatch(/Pay 0\.002 USD to 0x70997970\S+ of 127\.0\.0\.1:\d+ for .*\/paid\? \[y\/N\]/)
    if (code === 1) expect(said.err).toMatch(/not approved/)
  })

  test('with --yes asks nobody, and needs a limit', async () => {
    const url = await open(x402Express)
    expect((await person().run('pay', url, '--confirm', '--yes', '--max', '0.01')).code).toBe(0)
    expect(await person().run('pay', url, '--confirm', '--yes')).toMatchObject({ code: 2, err: expect.stringMatching(/--max is missing/) })
  })
})

describe('nothing is paid', () => {
  test('without a budget, and nothing is asked', async () => {
    const { code, err } = await person().run('pay', 'http://127.0.0.1:1/')
    expect([code, err]).toEqual([2, expect.stringMatching(/--max is missing: no budget, no payment/)])
  })

  test('with a budget of nothing', async () => {
    const { code, err } = await person().run('pay', 'http://127.0.0.1:1/', '--max', '0')
    expect([code, err]).toEqual([2, expect.stringMatching(/--max 0 pays nothing: write the most/)])
  })

  test('above --max', async () => {
    const { code, out, err } = await person().run('pay', await open(x402Express), '--max', '0.0019')
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/0\.002 USD is more than the 0\.0019 USD allowed/)])
  })

  test('without a wallet, and it says where one is named', async () => {
    const { code, err } = await person({}).run('pay', await open(x402Express), '--max', '1')
    expect([code, err]).toEqual([1, expect.stringMatching(/it takes an EVM wallet, and there is none here.*SWITCHYARD_EVM_KEY/)])
  })

  test('from a file that is wrong, and all that is wrong is said at once', async () => {
    const { code, err } = await person({ nwc: 'x', evm: { key: '0x1' } }).run('pay', 'http://127.0.0.1:1/', '--max', '1')
    expect([code, err]).toEqual([1, expect.stringMatching(/nwc: nostr.*; *evm\.key: 0x and 64|evm\.key: 0x and 64.*; *nwc: nostr/)])
  })

  test('from a file of keys that others can read', async () => {
    const mine = person()
    chmodSync(mine.file, 0o644)
    const { code, err } = await mine.run('pay', 'http://127.0.0.1:1/', '--max', '1')
    expect([code, err]).toEqual([1, expect.stringMatching(/can be read by others.*chmod 600/)])
  })
})

test('the budget of a wallet’s file holds from one call to the next', async () => {
  const mine = person({ evm: { key: KEY }, budget: { perRequest: '0.01', perDay: '0.003', sites: ['127.0.0.1'] } })
  const url = await open(x402Express)
  expect((await mine.run('pay', url)).code).toBe(0)
  const { code, err } = await mine.run('pay', url)
  expect([code, err]).toEqual([1, expect.stringMatching(/0\.002 USD after 0\.002 USD is more than the 0\.003 USD allowed for 24 hours/)])
})

test.each([
  ['lost', hangUp],
  ['cut off', cutOff],
  ['that the server is busy', busy],
])('a payment whose answer is %s is exit code 3, and the same words again pay nothing', async (_, answer) => {
  const mine = person()
  const lost: Lost = { proofs: [], answer }
  const url = await open(() => lossy(lost))
  const first = await mine.run('pay', url, '--max', '0.01')
  expect([first.code, first.err]).toEqual([3, expect.stringMatching(/Type the same again/)])
  const json = await mine.run('pay', url, '--max', '0.01', '--json')
  expect([json.code, json.out, JSON.parse(json.err)]).toMatchObject([3, '', { code: 'outcome_unknown' }])
  // What came of an answer says that the payment was taken.
  const taken = answer === cutOff
  expect([/^paid /m.test(first.err), 'receipt' in JSON.parse(json.err)]).toEqual([taken, taken])
  lost.answer = (_request, response) => void response.end('a joke')
  const second = await mine.run('pay', url, '--max', '0.01')
  expect([second.code, second.out, second.err]).toEqual([0, 'a joke', expect.stringMatching(/paid by an earlier call/)])
  expect(new Set(lost.proofs).size).toBe(1)
})
