import type { GasFigure } from './gasFigure.ts'

/** Why a row is above its target, by the row's id. A row that is above and not named here is an open question. */
const ABOVE: Readonly<Record<string, string>> = {
  'token-transfer': 'the token alone, as compiled here',
  fund: 'the guard takes about 0.3 k, two reads of the balance 1.2 k',
  pay: 'as `fund`',
  'payBatch-1': 'as `fund`, and the list of one',
  'x402-exact': 'the token alone: as USDC it asks whether the payer has code (2.6 k)',
  'push-2': 'as `fund`; a payee who cannot be paid is credited',
  sweep: 'the guard takes about 0.3 k',
  'claimMany-10': 'the target adds an estimate for isolation to what was measured without',
  open: 'the event takes 2.9 k, which the prototype lacked; guard and reads as `fund`',
  'claimPacked-1': 'the guard takes about 0.3 k, the closer in the channel’s id 0.4 k',
}

const INTRO = `# Gas

What the contracts use, in gas of whole transactions: the 21,000 of the transaction and its calldata included. Written by
\`npm run bench:gas\`; \`test/gas.test.ts\` measures again and fails when a row is more than 0.5 % above this page. Gas is exact: the figures are
the same on every machine.

Conditions: Hardhat's EDR at Osaka, compiled by solc 0.8.37 through the IR for Cancun with 5,000,000 optimizer runs. The token is \`TestUSDC\`,
which checks sender, recipient and caller against its blacklist and writes a finite allowance back. Every slot that is touched is in use already
(but a nonce of EIP-3009 and a new channel's own, which are always fresh). A split has no metadata (a hash of it adds 384 gas to a claim's
calldata). Salts and signatures are random, so no calldata is cheap by chance.

Targets were measured on a prototype with a token of the same checks. Outside \`fund\` and \`claim\` its splits were not isolated from each other,
its batches did not measure what arrived, and not every path had an event.

## Ours
`

const OTHERS = `
## Others

As measured once with the same compiler, hard fork and a like token; not measured again by the command above.

| per payment                                                      | 2 payees | 10 payees | 100 payees | set-up                      |
| ---------------------------------------------------------------- | -------: | --------: | ---------: | --------------------------- |
| naive push in one call                                           |   69.1 k |   161.1 k |    1,225 k |                             |
| 0xSplits v2, push \`distribute\` (and 39.0 k to fund it)           |   74.6 k |   173.1 k |    1,281 k | 164 k / 184 k / 415 k       |
| 0xSplits v2, pull \`distribute\` (and 39.0 k; 55.4 k a withdrawal) |   89.7 k |   165.0 k |    1,014 k | 164 k / 184 k / 415 k       |
| OpenZeppelin PaymentSplitter 4.9, fund                           |   39.0 k |    39.0 k |     39.0 k | 1.06 M / 1.44 M / 5.67 M    |
| the same, release to each payee                                  |   61.4 k |    61.4 k |     61.4 k |                             |
| Superfluid GDA, distribute                                       |  257.2 k |   257.2 k |    257.2 k | 339 k and 234 to 268 k each |
| the same, claim                                                  |  152.7 k |   152.7 k |    152.7 k |                             |
| MasterChef index with carry, fund                                |   54.0 k |    54.0 k |     54.0 k | 57 k each                   |
| the same, claim                                                  |   53.7 k |    53.7 k |     53.7 k |                             |

| vouchers, per row                                    |  1 row | 10 rows | 100 rows | 240 rows |
| ---------------------------------------------------- | -----: | ------: | -------: | -------: |
| x402 batch settlement, its claim rebuilt from source | 47.9 k |  23.5 k |   21.1 k |   21.0 k |

On real USDC 2.2, which is a proxy, a transfer uses 44.8 k and a \`transferWithAuthorization\` 85.9 k: scale our figures by 10 to 15 %.

## What was tried

- compiling through the IR: 0.4 to 0.7 k a call, 0.9 k a voucher row; receivers 46 k cheaper; compiling takes 25 s
- 5,000,000 optimizer runs instead of 10,000: 0.1 to 0.3 k a call
- what an account was paid beside its pot, so that two hashes find both: 0.4 k a claim
- one function that computes and books a claim, so that each slot is read once: 0.35 k a claim, 0.2 k a split of \`claimMany\`
- leaf, proof and id hashed in scratch space: 0.45 k a claim and 60 gas more for each node of the proof
- reading the token's balance by hand: 0.4 k a payment
- calling \`receiveWithAuthorization\` by hand: 0.4 k a signed payment
- measuring what a batch brought once, not per row: 0.8 k a row
- \`claimMany\` with the account once, no memory of structs, and one list of proofs: 1.5 k a split
- a claim that only reads the guard and does not set it: reckoned 0.2 k; not taken: every entry stays closed while money moves
- one read of the balance against a stored sum, instead of two reads: reckoned to cost 4 k: the sum needs a slot of its own
`

/** The page of figures. */
export function renderGasPage(figures: readonly GasFigure[]): string {
  const above = figures.filter(({ gas, target }) => target !== undefined && gas > target)
  const reasons = above.map(({ id }) => `- \`${id}\`: ${ABOVE[id] ?? 'not explained'}`).join('\n')
  const rows = table([['id', 'operation', 'gas', 'target', ''], ...figures.map(cells)])
  return `${INTRO}\n${rows}\n\nWhy a row is above its target:\n\n${reasons}\n${OTHERS}`
}

/** The committed gas of each row, by its id. */
export function readGasPage(page: string): ReadonlyMap<string, bigint> {
  const rows = page.matchAll(/^\| `([\w-]+)` +\|[^|]+\| +([\d,]+) \|/gm)
  return new Map([...rows].map(([, id = '', gas = '']) => [id, BigInt(gas.replaceAll(',', ''))]))
}

function cells({ id, operation, gas, target }: GasFigure): string[] {
  return [`\`${id}\``, operation, commas(gas), target === undefined ? '' : commas(target), verdict(gas, target)]
}

/** Columns padded as the formatter pads them; figures to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const right = (column: number) => column === 2 || column === 3
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (right(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (right(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n')
}

function verdict(gas: bigint, target: bigint | undefined): string {
  if (target === undefined) return ''
  if (gas < target) return `${commas(target - gas)} below`
  return gas === target ? 'met' : `${commas(gas - target)} above`
}

function commas(gas: bigint): string {
  return gas.toLocaleString('en')
}
